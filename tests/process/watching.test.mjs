// Commands that wait for the board, beside other processes that change it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { Project } from './harness.mjs';

// Longer than any test may take: who is not woken does not pass by having waited.
const HOUR = '3600';

function board(t) {
  const project = new Project(t).board();
  return { project, alice: project.agent('alice'), bob: project.agent('bob') };
}

/** Resolves once the process sleeps, having looked at the board: it holds the database open and has no work to do. */
async function asleep({ pid }, project) {
  const opened = () => fs.readdirSync(`/proc/${pid}/fd`).some((fd) => readLink(`/proc/${pid}/fd/${fd}`) === project.plan('coordination.db'));
  for (;;) {
    if (opened() && /^State:\s+S/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function readLink(file) {
  try {
    return fs.readlinkSync(file);
  } catch {
    return '';
  }
}

/** Ticks of the processor that the process has used. */
const ticks = ({ pid }) => fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).map(Number).reduce((a, b) => a + b);

test('who watches is woken by the commit of another process', async (t) => {
  const { project, bob } = board(t);
  const watch = project.start(['--json', 'events', '--watch-seconds', HOUR, '--kind', 'add-module', '--agent-id', bob]);
  await asleep(watch, project);
  project.done(['edit-module', 'core', '--title', 'not what is watched for']);
  project.done(['add-module', 'new']);
  const { code, stdout } = await watch.ended;
  const { ok, result } = JSON.parse(stdout);
  assert.deepEqual([code, ok, result.events.map(({ module }) => module)], [0, true, ['new']]);
});

test('a notification that is there already needs no waiting', (t) => {
  const { project, alice, bob } = board(t);
  project.done(['claim', '--module', 'docs', '--agent-id', alice]);
  project.done(['handoff-bundle', '--module', 'docs', '--agent-id', alice]);
  const { notifications } = project.done(['notifications', '--watch-seconds', HOUR, '--agent-id', bob]);
  assert.deepEqual(notifications.map(({ kind }) => kind), ['handoff-ready']);
});

test('whoever waits for a handoff gets the next one that is offered', async (t) => {
  const { project, alice, bob } = board(t);
  project.refused('nothing', ['next-handoff', '--agent-id', bob]);
  const watch = project.start(['--json', 'next-handoff', '--watch-seconds', HOUR, '--agent-id', bob]);
  await asleep(watch, project);
  project.done(['claim', '--module', 'docs', '--agent-id', alice]);
  project.done(['handoff-bundle', '--module', 'docs', '--agent-id', alice]);
  const { code, stdout } = await watch.ended;
  const { result } = JSON.parse(stdout);
  assert.deepEqual([code, result.handoff.module, result.handoff.from], [0, 'docs', alice]);
  project.refused('nothing', ['next-handoff', '--agent-id', alice]);
});

test('whoever waits for work is woken by the end of a lease, and by what a review needs', async (t) => {
  const { project, alice, bob } = board(t);
  project.done(['claim', '--module', 'docs', '--agent-id', alice]);
  project.done(['claim', '--module', 'core', '--ttl-seconds', '2', '--agent-id', alice]);
  const [action, claimable] = ['next-action', 'next-claimable'].map((name) => project.start(['--json', name, '--watch-seconds', HOUR, '--agent-id', bob]));
  const free = JSON.parse((await claimable.ended).stdout);
  assert.deepEqual(free.result.modules.map(({ module }) => module.id ?? module), ['core']);
  assert.ok(JSON.parse((await action.ended).stdout).ok);
  const reviewer = project.agent('rae', '--role', 'reviewer');
  const review = project.start(['--json', 'next-reviewable', '--watch-seconds', HOUR, '--agent-id', reviewer]);
  await asleep(review, project);
  project.done(['submit', '--module', 'docs', '--agent-id', alice]);
  const { code, stdout } = await review.ended;
  assert.deepEqual([code, JSON.parse(stdout).ok], [0, true]);
});

test('a watch that runs out exits with 3, and works no more than it must', async (t) => {
  const { project, bob } = board(t);
  const error = project.refused('nothing', ['events', '--watch-seconds', '0', '--agent-id', bob]);
  assert.match(error.message, /0 s/);
  const watch = project.start(['--json', 'notifications', '--watch-seconds', '2', '--agent-id', bob]);
  await asleep(watch, project);
  const [before, begun] = [ticks(watch), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const used = ticks(watch) - before;
  const { code, stdout } = await watch.ended;
  assert.deepEqual([code, JSON.parse(stdout).error.code], [3, 'nothing']);
  assert.ok(performance.now() - begun > 1000);
  assert.ok(used <= 10, `${used} ticks in a second are no sleep`);
});

test('Ctrl-C ends a watch with 130 and nothing printed', async (t) => {
  const { project, bob } = board(t);
  for (const json of [['--json'], []]) {
    const watch = project.start([...json, 'events', '--watch-seconds', HOUR, '--agent-id', bob]);
    await asleep(watch, project);
    watch.kill('SIGINT');
    assert.deepEqual(await watch.ended, { code: 130, signal: null, stdout: '' });
  }
  project.done(['add-module', 'after']);
});
