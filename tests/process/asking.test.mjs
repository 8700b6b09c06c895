import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { Project } from './harness.mjs';

test('the only agent of a worktree need not be named, several must be', (t) => {
  const project = new Project(t).board();
  const nobody = project.refused('agent-unclear', ['claim', '--module', 'core']);
  assert.match(nobody.hint, /init-agent/);
  const alice = project.agent('alice');
  assert.equal(project.done(['claim', '--module', 'core']).module.owner, alice);
  const bob = project.agent('bob');
  const several = project.refused('agent-unclear', ['claim', '--module', 'docs']);
  assert.ok(several.message.includes(alice) && several.message.includes(bob));
  assert.match(several.hint, /REMIT_AGENT_ID/);
  assert.equal(project.done(['claim', '--module', 'docs'], { env: { REMIT_AGENT_ID: bob } }).module.owner, bob);
  const linked = project.worktree('linked');
  const carol = project.done(['init-agent', '--thread-key', 'carol'], { cwd: linked }).agent_id;
  assert.equal(project.done(['claim-paths', 'README.md'], { cwd: linked }).module.owner, carol);
  project.refused('not-found', ['release', '--module', 'core', '--agent-id', 'agent-00000000']);
});

test('an agent id is stable, an epoch is raised, an older one can’t mutate', (t) => {
  const project = new Project(t).board();
  const first = project.done(['init-agent', '--thread-key', 'alice', '--specialty', 'db', '--role', 'coordinator']);
  const again = project.done(['register-session', '--thread-key', 'alice']);
  assert.deepEqual([again.agent_id, again.session_id, again.session_epoch], [first.agent_id, first.session_id, 2]);
  assert.deepEqual([again.role, again.specialties], ['coordinator', ['db']]);
  const asSession = (epoch) => ['--session-id', first.session_id, '--session-epoch', String(epoch)];
  const error = project.refused('stale-session-epoch', ['claim', '--module', 'core', ...asSession(1)]);
  assert.equal(error.details.session_epoch, 2);
  assert.equal(project.done(['claim', '--module', 'core', ...asSession(2)]).module.lease.session_id, first.session_id);
});

test('tokens are kept for their holder alone, and fence', (t) => {
  const project = new Project(t).board();
  const alice = project.agent('alice');
  const { lease } = project.done(['claim', '--module', 'core']);
  const kept = project.at('.git/remit/tokens', alice, 'core');
  assert.equal(fs.readFileSync(kept, 'utf8'), lease.token);
  assert.equal(fs.statSync(kept).mode & 0o777, 0o600);
  assert.equal(project.refused('stale-lease', ['finish', '--module', 'core', '--lease-token', 'forged']).code, 'stale-lease');
  fs.rmSync(kept);
  project.refused('stale-lease', ['finish', '--module', 'core']);
  project.done(['heartbeat', '--module', 'core'], { env: { REMIT_LEASE_TOKEN: lease.token } });
  const fresh = project.done(['claim', '--module', 'core']);
  assert.notEqual(fresh.lease.token, lease.token);
  project.refused('stale-lease', ['finish', '--module', 'core', '--lease-token', lease.token]);
  project.done(['finish', '--module', 'core']);
  assert.ok(!fs.existsSync(kept), 'what is void is forgotten');
  for (const name of ['STATUS.md', 'state.json', 'HANDOFFS.md']) assert.ok(!project.read('project-plan', name).includes(fresh.lease.token), name);
});

test('the same request has one effect and gives the first answer', (t) => {
  const project = new Project(t).board();
  project.agent('alice');
  const request = ['claim', '--module', 'core', '--request-id', 'r1'];
  const first = project.json(request);
  const again = project.json(request);
  assert.deepEqual(again, first);
  project.refused('invalid', ['claim', '--module', 'docs', '--request-id', 'r1']);
  assert.equal(project.json(['state']).revision, first.revision);
});

test('an expected revision is compare-and-swap', (t) => {
  const project = new Project(t).board();
  const { revision } = project.json(['state']);
  const error = project.refused('stale-revision', ['add-module', 'x', '--expected-revision', String(revision - 1)]);
  assert.equal(error.details.revision, revision);
  const added = project.json(['add-module', 'x', '--expected-revision', String(revision)]);
  assert.deepEqual([added.ok, added.revision], [true, revision + 1]);
});
