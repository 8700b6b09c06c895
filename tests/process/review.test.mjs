// A worker and a reviewer, each a terminal of its own: what is submitted, sent back, approved, and who may not.
import assert from 'node:assert/strict';
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
