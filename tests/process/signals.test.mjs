// Events, notifications and cursors, as agents read them.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Project } from './harness.mjs';

const seqs = (events) => events.map(({ seq }) => seq);

/** A board on which alice has finished core and offers docs; bob reviews, carol knows rust. */
function busyBoard(t) {
  const project = new Project(t).board();
  const agents = { alice: project.agent('alice'), bob: project.agent('bob', '--role', 'reviewer'), carol: project.agent('carol', '--specialty', 'rust') };
  const as = (who, ...args) => project.done([...args, '--agent-id', agents[who]]);
  as('alice', 'claim', '--module', 'core');
  as('alice', 'finish', '--module', 'core');
  as('alice', 'claim', '--module', 'docs');
  as('alice', 'handoff-bundle', '--module', 'docs');
  return { project, agents, as };
}

test('every mutation leaves an event that says what, who and for which module', (t) => {
  const { project, agents } = busyBoard(t);
  const { events } = project.done(['events', '--since', '0', '--limit', '1000000000']);
  assert.deepEqual(seqs(events), events.map((_, at) => at + 1));
  const { revision } = project.json(['state']);
  assert.deepEqual([...new Set(events.map((event) => event.revision))], Array.from({ length: revision }, (_, at) => at + 1));
  const finished = events.find(({ kind }) => kind === 'finish');
  assert.deepEqual([finished.module, finished.agent_id, finished.source, finished.priority], ['core', agents.alice, 'board', 2]);
  assert.ok(finished.summary.includes('core') && !Number.isNaN(Date.parse(finished.at)));
});

test('filters narrow, and all that are given must match', (t) => {
  const { project, agents } = busyBoard(t);
  const all = project.done(['events', '--since', '0']).events;
  const cases = [
    [['--kind', 'claim'], ({ kind }) => kind === 'claim'],
    [['--module', 'core'], ({ module }) => module === 'core'],
    [['--module', 'core', '--kind', 'finish'], ({ module, kind }) => module === 'core' && kind === 'finish'],
    [['--priority', '4'], ({ priority }) => priority === 4],
    [['--by', agents.alice], ({ agent_id }) => agent_id === agents.alice],
    [['--target', 'workers'], ({ target }) => target === 'workers'],
    [['--notification-only'], ({ target }) => target !== null],
    [['--source', 'preflight'], () => false],
  ];
  for (const [flags, matches] of cases) {
    const asked = project.done(['events', '--since', '0', ...flags]).events;
    assert.deepEqual(seqs(asked), seqs(all.filter(matches)), flags.join(' '));
    if (!flags.includes('--source')) assert.ok(asked.length > 0 && asked.length < all.length, flags.join(' '));
  }
  assert.deepEqual(seqs(project.done(['events', '--limit', '2']).events), seqs(all.slice(-2)), 'without a beginning, the newest');
  assert.deepEqual(seqs(project.done(['events', '--limit', '2', '--since', '0']).events), [1, 2]);
});

test('a notification reaches those who can act on it, as long as they can', (t) => {
  const { as, project, agents } = busyBoard(t);
  const kinds = (who) => as(who, 'notifications').notifications.map(({ kind, module }) => `${kind} ${module}`);
  assert.deepEqual(kinds('carol'), ['unblocked web', 'handoff-ready docs']);
  assert.deepEqual(kinds('alice'), ['unblocked web'], 'her own offer is none to her');
  assert.deepEqual(kinds('bob'), []);
  const state = () => project.done(['state', '--agent-id', agents.bob]).notifications.map(({ kind }) => kind);
  assert.deepEqual(state(), ['unblocked', 'handoff-ready']);
  as('carol', 'claim-handoff', '--module', 'docs');
  assert.deepEqual(kinds('carol'), ['unblocked web'], 'somebody has claimed it');
  assert.deepEqual(kinds('alice'), ['unblocked web', 'handoff-claimed docs']);
  as('carol', 'claim', '--module', 'web');
  assert.deepEqual(kinds('carol'), []);
  assert.deepEqual(state(), ['handoff-claimed']);
});

test('a cursor gives out what was not acknowledged, again and again, and skips nothing', (t) => {
  const { project, as } = busyBoard(t);
  const read = (...more) => as('bob', 'events', '--cursor-id', 'loop', ...more);
  const total = as('bob', 'events', '--since', '0').events.length;
  assert.deepEqual(seqs(read('--limit', '3').events), [1, 2, 3]);
  assert.deepEqual(seqs(read('--limit', '3').events), [1, 2, 3], 'reading moves nothing');
  const { revision } = project.json(['state']);
  assert.equal(as('bob', 'ack-events', '--cursor-id', 'loop').up_to, 3, 'what was given out, not what there is');
  assert.equal(project.json(['state']).revision, revision, 'a cursor is bookkeeping');
  assert.deepEqual(seqs(read('--limit', '2').events), [4, 5]);
  as('bob', 'ack-events', '--cursor-id', 'loop', '--up-to', '4');
  assert.equal(as('bob', 'ack-events', '--cursor-id', 'loop', '--up-to', '2').up_to, 4, 'it does not go back');
  assert.equal(as('bob', 'ack-events', '--cursor-id', 'loop', '--up-to', '2', '--rewind').up_to, 2);
  assert.equal(read().events.length, total - 2);
  project.done(['add-module', 'late']);
  assert.equal(as('bob', 'ack-events', '--cursor-id', 'loop').up_to, total, 'what came after reading was not read');
  assert.deepEqual(read().events.map(({ kind, module }) => [kind, module]), [['add-module', 'late']]);
  assert.equal(as('carol', 'events', '--cursor-id', 'loop').events.length, total + 1, 'cursors are their agent’s');
  assert.equal(as('bob', 'notifications', '--cursor-id', 'loop').up_to, total + 1, 'and each stream has its own');
});

test('a cursor that is ahead is told so', (t) => {
  const { project, agents } = busyBoard(t);
  const bob = ['--agent-id', agents.bob];
  project.refused('cursor-ahead', ['events', '--since', '1000', ...bob]);
  const error = project.refused('cursor-ahead', ['ack-events', '--cursor-id', 'c', '--up-to', '1000', ...bob]);
  assert.ok(error.details.newest < 1000);
  assert.equal(project.done(['events', '--cursor-id', 'c', ...bob]).events[0].seq, 1, 'it was put nowhere');
  project.refused('agent-unclear', ['events', '--cursor-id', 'c']);
  project.refused('invalid', ['ack-events', ...bob]);
});
