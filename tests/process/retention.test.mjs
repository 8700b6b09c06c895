// Events that leave the board, and sessions that leave the registry.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { Project, soak } from './harness.mjs';

const seqs = (events) => events.map(({ seq }) => seq);

/** A board with many events: one for each module that waits for the one that is finished. */
function longHistory(t, modules) {
  const project = new Project(t);
  project.done(['bootstrap']);
  const waiting = Array.from({ length: modules }, (_, n) => ({ id: `m${n}`, depends_on: ['first'] }));
  project.done(['import-plan', '-'], { input: JSON.stringify({ modules: [{ id: 'first' }, ...waiting] }) });
  const agent = project.agent('alice');
  project.done(['claim', '--module', 'first', '--agent-id', agent]);
  project.done(['finish', '--module', 'first', '--agent-id', agent]);
  return project;
}

/** Every archived line, in the order of files and lines. */
function archived(project) {
  const { event_archives: archives } = project.done(['event-archives']);
  const lines = archives.flatMap((archive) => fs.readFileSync(project.at(archive.path), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line)));
  assert.equal(lines.length, archives.reduce((sum, { events }) => sum + events, 0));
  return lines;
}

const onBoard = (project) => project.done(['events', '--since', '0', '--limit', '1000000']).events;

test('pruning keeps exactly the newest, the rest is in the archive, and a cursor behind it is told so', (t) => {
  const project = longHistory(t, 30);
  const alice = project.agent('alice');
  const as = ['--agent-id', alice];
  project.done(['events', '--cursor-id', 'c', '--limit', '3', ...as]);
  project.done(['ack-events', '--cursor-id', 'c', ...as]);
  const before = onBoard(project);
  const pruned = project.done(['prune-events', '--max-rows', '10']);
  const [rows, lines] = [onBoard(project), archived(project)];
  assert.deepEqual([rows.length, rows.at(-1).kind, pruned.oldest, pruned.archived], [10, 'prune-events', rows[0].seq, lines.length]);
  assert.deepEqual([...seqs(lines), ...seqs(rows)], Array.from({ length: before.length + 1 }, (_, at) => at + 1));
  assert.deepEqual(lines.map(({ kind, summary, at }) => [kind, summary, at]), before.slice(0, lines.length).map(({ kind, summary, at }) => [kind, summary, at]));

  const expired = project.refused('cursor-expired', ['events', '--cursor-id', 'c', ...as]);
  assert.equal(expired.details.oldest, pruned.oldest);
  project.refused('cursor-expired', ['events', '--since', '1', ...as]);
  const accepted = ['ack-events', '--cursor-id', 'c', '--up-to', String(pruned.oldest - 1), ...as];
  project.done(accepted);
  assert.deepEqual(seqs(project.done(['events', '--cursor-id', 'c', ...as]).events), seqs(rows));
  assert.deepEqual(project.done(['state']).retention, { max_rows: 100000, max_age_seconds: 2592000 });
  assert.equal(project.done(['prune-events', '--max-age-seconds', '0', '--max-rows', '0']).oldest, rows.at(-1).seq + 2);
  assert.deepEqual(onBoard(project), []);
});

test('killed at any moment, pruning loses and doubles no line', async (t) => {
  const project = longHistory(t, soak ? 60_000 : 9_000);
  const last = project.done(['events', '--limit', '1']).events[0].seq;
  let killed = 0;
  for (let round = 0, left = last; left > 100; round += 1) {
    left = Math.floor(left * 0.8);
    const child = project.start(['--json', 'prune-events', '--max-rows', String(left)]);
    const timer = setTimeout(child.kill, (round * 13) % 60);
    killed += Number((await child.ended).signal === 'SIGKILL');
    clearTimeout(timer);
  }
  assert.ok(killed > 0);
  project.done(['prune-events', '--max-rows', '5']);
  const all = [...archived(project), ...onBoard(project)];
  assert.deepEqual(seqs(all), all.map((_, at) => at + 1));
  assert.ok(all.length > last);
  assert.deepEqual(fs.readdirSync(project.plan('archive/events')).filter((name) => path.extname(name) !== '.jsonl'), []);
});

test('a session that was quiet for long is taken off the registry, and must register again', (t) => {
  const project = new Project(t).board();
  const alice = project.done(['init-agent', '--thread-key', 'alice']);
  const asSession = ['--session-id', alice.session_id, '--agent-id', alice.agent_id];
  project.done(['claim', '--module', 'core', ...asSession]);
  project.refused('nothing', ['reap-sessions']);
  const { revision } = project.json(['state']);
  assert.deepEqual(project.done(['reap-sessions', '--max-age-seconds', '0']).sessions, [alice.session_id]);
  assert.equal(project.json(['state']).revision, revision + 1);
  assert.deepEqual(project.done(['sessions']).sessions, []);
  assert.equal(project.done(['show', 'core']).module.lease.holder, alice.agent_id, 'reaping takes no lease');
  project.refused('session-expired', ['heartbeat', '--module', 'core', ...asSession]);
  project.refused('agent-unclear', ['claim', '--module', 'docs']);
  const again = project.done(['init-agent', '--thread-key', 'alice']);
  assert.deepEqual([again.session_id, again.session_epoch, again.leases.length], [alice.session_id, 2, 1]);
  project.done(['heartbeat', '--module', 'core', ...asSession]);
});
