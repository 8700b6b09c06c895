// A worker and a reviewer, each a terminal of its own: what is submitted, sent back, approved, and who may not.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { Project } from './harness.mjs';

/** `wes` works in the main worktree, `rita` reviews in a linked one; each command is a process. */
function team(t) {
  const project = new Project(t).board();
  const linked = project.worktree('rita');
  const agents = {
    wes: project.agent('wes'),
    rita: project.done(['init-agent', '--thread-key', 'rita', '--role', 'reviewer'], { cwd: linked }).agent_id,
  };
  const cwd = { wes: project.root, rita: linked };
  const as = (who) => ({
    done: (...args) => project.done(args, { cwd: cwd[who] }),
    refused: (code, ...args) => project.refused(code, args, { cwd: cwd[who] }),
  });
  return { project, agents, wes: as('wes'), rita: as('rita') };
}

test('work goes to review, back for changes, and is approved; tokens are found by themselves', (t) => {
  const { project, agents, wes, rita } = team(t);
  wes.done('claim', '--module', 'core', '--reviewer-id', agents.rita);
  wes.refused('wrong-status', 'finish', '--module', 'core');
  const submitted = wes.done('submit', '--module', 'core').module;
  assert.deepEqual([submitted.status, submitted.owner, submitted.lease], ['review-ready', agents.wes, null]);
  wes.refused('not-holder', 'start-review', '--module', 'core');
  wes.refused('nothing', 'claim-review-next');
  const review = rita.done('claim-review-next', '--ttl-seconds', '600');
  assert.deepEqual([review.module.id, review.module.lease.holder, review.lease.ttl_seconds], ['core', agents.rita, 600]);
  rita.done('heartbeat', '--module', 'core');
  wes.refused('not-holder', 'approve', '--module', 'core');
  const sentBack = rita.done('request-changes', '--module', 'core', '--reason', 'name the unit').module;
  assert.deepEqual([sentBack.status, sentBack.lease.holder], ['in-progress', agents.wes]);
  rita.refused('not-holder', 'release', '--module', 'core');
  assert.equal(wes.done('claim', '--module', 'core').module.changes_requested, 'name the unit');
  wes.done('submit', '--module', 'core');
  rita.done('start-review', '--module', 'core');
  assert.equal(rita.done('approve', '--module', 'core').module.status, 'done');
  const told = project.done(['events', '--notification-only']).events.map(({ kind, target }) => [kind, target]);
  const [toWes, toRita] = [`agent:${agents.wes}`, `agent:${agents.rita}`];
  assert.deepEqual(told, [
    ['review-ready', toRita],
    ['changes-requested', toWes],
    ['review-ready', toRita],
    ['approved', toWes],
    ['unblocked', 'workers'],
  ]);
  assert.equal(wes.done('claim-next').module.id, 'web', 'what waited for it is free');
});

test('a review is handed over to another reviewer, never to the author', (t) => {
  const { project, agents, wes, rita } = team(t);
  wes.done('claim', '--module', 'core');
  wes.done('submit', '--module', 'core');
  rita.done('start-review', '--module', 'core');
  rita.done('handoff-bundle', '--module', 'core', '--to', `agent:${agents.wes}`, '--summary', 'half read');
  wes.refused('not-holder', 'claim-handoff', '--module', 'core');
  rita.done('handoff-bundle', '--module', 'core');
  const rob = project.agent('rob', '--role', 'reviewer', '--window-id', 'another');
  const taken = project.done(['claim-handoff', '--module', 'core', '--agent-id', rob]).module;
  assert.deepEqual([taken.status, taken.owner, taken.reviewer, taken.lease.holder], ['in-review', agents.wes, rob, rob]);
  rita.refused('not-holder', 'approve', '--module', 'core');
  project.done(['approve', '--module', 'core', '--agent-id', rob]);
});

test('the reviewer changes files of what it reviews without a conflict', (t) => {
  const { wes, rita, project } = team(t);
  wes.done('claim', '--module', 'core');
  wes.done('submit', '--module', 'core');
  rita.done('start-review', '--module', 'core');
  project.shell('echo "// reviewed" >> src/core/lib.rs', { cwd: project.scratch + '/rita' });
  assert.deepEqual(rita.done('conflicts').conflicts, []);
  rita.done('release', '--module', 'core');
  assert.equal(rita.refused('conflicts-found', 'conflicts').details.conflicts[0].code, 'path-owned-by-other');
});

test('work that is submitted again calls its reviewers once', (t) => {
  const project = new Project(t).board();
  const [ann, rae] = [project.agent('ann', '--window-id', 'a'), project.agent('rae', '--role', 'reviewer', '--window-id', 'r')];
  const as = (agent, ...args) => project.done([...args, '--module', 'core', '--agent-id', agent]);
  const calls = () => project.done(['notifications', '--agent-id', rae]).notifications.filter(({ kind }) => kind === 'review-ready');
  as(ann, 'claim');
  for (let round = 1; round <= 3; round += 1) {
    as(ann, 'submit');
    assert.equal(calls().length, 1, `round ${round}`);
    assert.equal(project.done(['state']).notifications.filter(({ kind }) => kind === 'review-ready').length, 1);
    assert.equal(project.read('project-plan', 'NOTIFICATIONS.md').match(/review-ready/g).length, 1);
    as(rae, 'start-review');
    assert.deepEqual(calls(), []);
    as(rae, 'request-changes', '--reason', `round ${round}`);
    const asked = project.done(['notifications', '--agent-id', ann]).notifications.filter(({ kind }) => kind === 'changes-requested');
    assert.deepEqual(asked.map(({ summary }) => summary.endsWith(`round ${round}`)), [true]);
    as(ann, 'claim');
  }
  assert.equal(project.done(['events', '--since', '0', '--kind', 'review-ready']).events.length, 3, 'what happened stays on record');
});

test('a page of notifications that says the same is not written again', (t) => {
  const project = new Project(t).board();
  const when = () => fs.statSync(project.plan('NOTIFICATIONS.md'), { bigint: true }).mtimeNs;
  const before = when();
  project.done(['edit-module', 'core', '--title', 'Other']);
  assert.equal(when(), before);
  fs.rmSync(project.plan('NOTIFICATIONS.md'));
  project.done(['edit-module', 'core', '--title', 'Another']);
  assert.ok(fs.existsSync(project.plan('NOTIFICATIONS.md')));
});
