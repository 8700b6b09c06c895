import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { Project } from './harness.mjs';

test('a day of two agents on one board', (t) => {
  const project = new Project(t).board();
  const [alice, bob] = [project.agent('alice'), project.agent('bob')];
  const as = (agent, ...args) => project.done([...args, '--agent-id', agent]);

  const claimed = as(alice, 'claim-next');
  assert.equal(claimed.module.id, 'core');
  assert.equal(claimed.module.title, 'The core');
  assert.match(claimed.lease.token, /^[0-9a-f]{32}$/);
  assert.equal(as(bob, 'claim-next', '--ttl-seconds', '60').module.id, 'docs');
  assert.equal(project.refused('nothing', ['claim-next', '--agent-id', bob]).kind, 'nothing');
  assert.equal(project.refused('lease-held', ['claim', '--module', 'core', '--agent-id', bob]).details.holder, alice);

  assert.deepEqual(project.done(['who-owns', 'src/core/lib.rs']).paths[0].owners.map((one) => [one.module, one.owner]), [['core', alice]]);
  assert.equal(as(alice, 'heartbeat', '--module', 'core').lease.token, claimed.lease.token);

  const offered = as(alice, 'handoff-bundle', '--module', 'core', '--summary', 'half done', '--next-step', 'the rest');
  assert.equal(offered.handoff.status, 'offered');
  assert.match(fs.readFileSync(project.plan('handoffs/core.handoff.md'), 'utf8'), /half done[\s\S]*the rest/);
  const taken = as(bob, 'claim-handoff', '--module', 'core');
  assert.equal(taken.module.owner, bob);
  assert.equal(project.refused('not-holder', ['finish', '--module', 'core', '--agent-id', alice]).code, 'not-holder');
  assert.equal(as(bob, 'ack-handoff', '--module', 'core').handoff.status, 'acknowledged');
  assert.equal(as(bob, 'finish', '--module', 'core').module.status, 'done');

  assert.equal(as(alice, 'claim', '--module', 'web').module.owner, alice);
  assert.equal(as(alice, 'release', '--module', 'web').module.status, 'todo');
  const paths = as(alice, 'claim-paths', 'app/[id]/page.tsx', '--reason', 'fix the title');
  assert.deepEqual([paths.module.title, paths.module.owned_paths], ['fix the title', ['app/\\[id\\]/page.tsx']]);

  const state = project.done(['state']);
  assert.deepEqual(Object.keys(state).sort(), [
    'agents', 'handoffs', 'incarnation', 'modules', 'notifications', 'preflight', 'project', 'retention', 'revision', 'safety', 'sessions',
  ]);
  assert.deepEqual(state.notifications.map((event) => event.seq), state.notifications.map((event) => event.seq).sort((a, b) => a - b));
  assert.equal(project.done(['summary']).counts.done, 1);
  assert.equal(project.done(['handoffs']).handoffs.length, 1);
  assert.equal(project.done(['sessions']).sessions.length, 2);
});

test('a plan is imported from a file and from standard input, whole or not at all', (t) => {
  const project = new Project(t);
  project.done(['bootstrap']);
  const plan = JSON.stringify({ modules: [{ id: 'b', depends_on: ['a'] }, { id: 'a', description: 'first' }] });
  project.write('plan.json', plan);
  assert.deepEqual(project.done(['import-plan', 'plan.json']).modules, ['b', 'a']);
  assert.equal(project.done(['show', 'a']).module.description, 'first');
  assert.equal(project.refused('already-exists', ['import-plan', '-'], { input: plan }).code, 'already-exists');
  assert.deepEqual(project.done(['import-plan', '-'], { input: '{"modules":[{"id":"c"}]}' }).modules, ['c']);
  for (const bad of ['', '{', '[]', '{"modules":[{"id":"bad id"}]}', '{"modules":[{"id":"d","owned_paths":["/x"]}]}', '{"modules":[{"id":"d","unknown":1}]}']) {
    const error = project.refused('invalid', ['import-plan', '-'], { input: bad });
    assert.match(error.message, /nothing was changed/);
  }
  assert.equal(project.done(['modules']).modules.length, 3);
  assert.equal(project.refused('invalid', ['import-plan', 'missing.json']).kind, 'invalid');
});

test('conflicts are rows, and an exit code', (t) => {
  const project = new Project(t).board();
  const [alice] = [project.agent('alice')];
  project.done(['claim', '--module', 'core', '--agent-id', alice]);
  const linked = project.worktree('linked');
  assert.deepEqual(project.done(['conflicts'], { cwd: linked }).conflicts, []);

  fs.appendFileSync(`${linked}/src/core/lib.rs`, '// mine\n');
  fs.writeFileSync(`${linked}/src/core/new.rs`, 'new\n');
  fs.appendFileSync(`${linked}/README.md`, 'not owned\n');
  const error = project.refused('conflicts-found', ['conflicts'], { cwd: linked });
  assert.deepEqual(
    error.details.conflicts.map(({ code, path, module, owner, changed_by: by }) => [code, path, module, owner, by.worktree, by.agent_id]),
    ['src/core/lib.rs', 'src/core/new.rs'].map((path) => ['path-owned-by-other', path, 'core', alice, linked, null]),
  );
  assert.equal(project.refused('conflicts-found', ['conflicts', 'src/core/new.rs'], { cwd: linked }).details.conflicts.length, 1);
  assert.deepEqual(project.done(['conflicts', 'README.md'], { cwd: linked }).conflicts, []);
  assert.deepEqual(project.done(['conflicts', '--staged'], { cwd: linked }).conflicts, []);

  project.write('src/core/util.rs', 'the owner may\n');
  assert.deepEqual(project.done(['conflicts']).conflicts, [], 'a change where the owner works is presumed the owner’s');
  assert.equal(project.refused('conflicts-found', ['conflicts', '--all', '--agent-id', project.agent('bob')]).details.conflicts.length, 1);
  const { code, stderr } = project.run(['conflicts'], { cwd: linked });
  assert.equal(code, 1);
  assert.match(stderr, /src\/core\/lib\.rs: core of agent-/);
});

test('proposed paths come with their evidence, and are added when asked', (t) => {
  const project = new Project(t).board();
  project.done(['add-module', 'app']);
  project.write('app/[id]/extra.tsx', 'new\n');
  const proposed = project.done(['infer-paths', '--module', 'app']);
  assert.equal(proposed.applied, false);
  assert.ok(proposed.proposals.length > 0 && proposed.proposals.every((one) => one.evidence.length > 0));
  project.done(['infer-paths', '--module', 'app', '--apply']);
  const owned = project.done(['show', 'app']).module.owned_paths;
  assert.deepEqual(owned, proposed.proposals.map((one) => one.pattern).sort());
  assert.ok(owned.every((pattern) => pattern.startsWith('app')), 'nothing of other modules');
});

test('a confirmation is asked for once, and again on another branch', (t) => {
  const project = new Project(t).board();
  project.agent('alice');
  project.refused('not-confirmed', ['claim', '--module', 'core', '--while-session']);
  project.refused('not-confirmed', ['preflight']);
  const confirmed = project.done(['preflight', '--confirm-workspace', '--confirm-branch', '--safety-profile', 'safe']);
  assert.deepEqual([confirmed.branch, confirmed.safety_profile], ['main', 'safe']);
  project.done(['claim', '--module', 'core', '--while-session']);
  project.git('switch', '--quiet', '-c', 'other');
  project.refused('not-confirmed', ['release', '--module', 'core', '--while-session']);
  project.done(['release', '--module', 'core']);
});

test('in safe, overlapping paths are refused with a path that lies in both', (t) => {
  const project = new Project(t).board();
  project.done(['preflight', '--confirm-workspace', '--confirm-branch', '--safety-profile', 'safe']);
  const [alice, bob] = [project.agent('alice'), project.agent('bob')];
  project.done(['claim', '--module', 'core', '--agent-id', alice]);
  const error = project.refused('scope-overlap', ['claim-paths', 'src/core/lib.rs', '--agent-id', bob]);
  assert.deepEqual(error.details.conflicts, [{ module: 'core', owner: alice, witness: 'src/core/lib.rs' }]);
  assert.equal(project.done(['modules']).modules.length, 3, 'no module was made for them');
});

test('expired leases are reclaimed', async (t) => {
  const project = new Project(t).board();
  const [alice, bob] = [project.agent('alice'), project.agent('bob')];
  const { lease } = project.done(['claim', '--module', 'core', '--ttl-seconds', '1', '--agent-id', alice]);
  project.refused('nothing', ['reclaim', '--module', 'docs', '--agent-id', bob]);
  await new Promise((resolve) => setTimeout(resolve, Date.parse(lease.expires_at) - Date.now() + 20));
  assert.deepEqual(project.done(['lease-reclaim', '--agent-id', bob]).modules, [{ module: 'core', holder: alice, status: 'todo' }]);
  project.refused('wrong-status', ['finish', '--module', 'core', '--agent-id', alice]);
});
