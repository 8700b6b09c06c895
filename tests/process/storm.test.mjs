// Many processes do everything at once, some of them killed, while each of them reads what happens by a cursor.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Project, askSqlite, soak } from './harness.mjs';
import { MOVES, Replay } from './replay.mjs';
import { Worker, dice } from './worker.mjs';

const WORKERS = 16;
const MODULES = soak ? 200 : 40;
const COMMANDS = soak ? 150 : 30;
const TTL_SECONDS = 2;

/** Reads on behind what was acknowledged, and acknowledges; whatever is killed, nothing is skipped. */
class Reader {
  constructor(project, agent) {
    Object.assign(this, { project, words: ['--cursor-id', 'mine', '--agent-id', agent], read: 0 });
  }

  async step(run) {
    const events = await run(['events', '--limit', '40', ...this.words]);
    if (!events?.ok) return;
    this.take(events.result.events);
    await run(['ack-events', ...this.words]);
  }

  take(events) {
    const seqs = events.map(({ seq }) => seq);
    if (seqs.length === 0) return;
    assert.ok(seqs[0] <= this.read + 1, `a cursor skipped from ${this.read} to ${seqs[0]}`);
    assert.deepEqual(seqs, seqs.map((_, n) => seqs[0] + n));
    this.read = Math.max(this.read, seqs.at(-1));
  }

  finish(last) {
    while (this.read < last) {
      const { events } = this.project.done(['events', '--limit', '1000', ...this.words]);
      assert.ok(events.length > 0, `a cursor stops at ${this.read} of ${last}`);
      this.take(events);
      this.project.done(['ack-events', ...this.words]);
    }
  }
}

/** Runs a process; every answer must be the envelope, of a killed one there is none. */
async function command(project, args, roll, killing) {
  const killAfter = killing && roll(4) === 0 ? 1 + roll(30) : undefined;
  const { signal, stdout } = await project.start(['--json', ...args], { killAfter }).ended;
  if (signal) return null;
  const envelope = JSON.parse(stdout);
  assert.ok(envelope.ok || ['refused', 'nothing'].includes(envelope.error.kind), `${args.join(' ')}: ${stdout}`);
  return envelope;
}

async function work(project, worker, reader, number, killing) {
  const roll = dice(number + 101);
  const run = (args) => command(project, args, roll, killing);
  // Chance alone leaves the rarest move out now and then: then all go on for a while.
  for (let n = 0; n < COMMANDS || (missing().length > 0 && n < 20 * COMMANDS); n += 1) {
    const words = worker.next();
    worker.heard(words, await run(words));
    if (n % 8 === 0) await reader.step(run);
  }
}

/** Every way in which a module moves. */
const ALL = [...MOVES, 'assign', 'request-handoff', 'ack-handoff', 'edit-module'];
/** The commands that were done, in both tests. */
const done = new Set();
const missing = () => ALL.filter((name) => !done.has(name));

for (const killing of [false, true]) {
  test(`sixteen do everything at once${killing ? ', and one command in four is killed' : ''}: the history is possible, and is where the board stands`, { timeout: 3_600_000 }, async (t) => {
    const project = new Project(t);
    project.done(['bootstrap']);
    const ids = Array.from({ length: MODULES }, (_, n) => `m${n}`);
    project.done(['import-plan', '-'], { input: JSON.stringify({ modules: ids.map((id) => ({ id })) }) });
    const agents = Array.from({ length: WORKERS }, (_, n) => project.agent(`worker-${n}`, ...(n === 0 ? ['--role', 'coordinator'] : [])));
    const offers = [];
    const workers = agents.map((agent, n) => new Worker(n, agent, ids, { ttlSeconds: TTL_SECONDS, offers, done }));
    const readers = agents.map((agent) => new Reader(project, agent));
    await Promise.all(workers.map((worker, n) => work(project, worker, readers[n], n, killing)));

    const last = project.done(['add-module', 'last']).module.revision;
    assert.deepEqual(askSqlite(project, 'PRAGMA integrity_check'), [['ok']]);
    const { events } = project.done(['events', '--since', '0', '--limit', '1000000']);
    const replay = new Replay(ids, { begun: { revision: 0, seq: 0 }, ttl: TTL_SECONDS * 1000, coordinators: [agents[0]] });
    replay.play(events);
    assert.equal(replay.revision, last, 'each revision left its events');
    replay.assertIs(project.done(['state']).modules);
    for (const reader of readers) reader.finish(replay.seq);
    assert.equal(JSON.parse(project.read('project-plan', 'state.json')).revision, last, 'and the written files show it');
  });
}

test('every move of a module was among them', () => assert.deepEqual(missing(), []));

test('a board that many make at once is one board', async (t) => {
  const project = new Project(t);
  const answers = await Promise.all(Array.from({ length: WORKERS }, () => project.start(['--json', 'bootstrap']).ended));
  const made = answers.map(({ stdout }) => JSON.parse(stdout)).filter(({ ok, result }) => ok && result.created);
  assert.deepEqual([made.length, answers.filter(({ code }) => code !== 0).length], [1, 0]);
  project.done(['add-module', 'm']);
});

test('one agent that registers many times at once has one session, and each epoch is given once', async (t) => {
  const project = new Project(t).board();
  const register = () => project.start(['--json', 'init-agent', '--thread-key', 'alice']).ended;
  const answers = await Promise.all(Array.from({ length: WORKERS }, register));
  const results = answers.map(({ stdout }) => JSON.parse(stdout).result);
  assert.equal(new Set(results.map((result) => result.session_id)).size, 1);
  assert.deepEqual(results.map((result) => result.session_epoch).sort((a, b) => a - b), results.map((_, n) => n + 1));
});

test('one request sent many times at once has one effect', async (t) => {
  const project = new Project(t).board();
  project.agent('alice');
  const before = project.json(['modules']).revision;
  const request = () => project.start(['--json', 'claim-paths', 'README.md', '--request-id', 'once']).ended;
  const answers = await Promise.all(Array.from({ length: WORKERS }, request));
  assert.equal(new Set(answers.map(({ stdout }) => stdout)).size, 1, 'all get the first answer');
  assert.equal(project.json(['modules']).revision, before + 1);
});

test('of many who swap the same revision one wins', async (t) => {
  const project = new Project(t).board();
  const { revision } = project.json(['modules']);
  const swap = (_, n) => project.start(['--json', 'add-module', `by-${n}`, '--expected-revision', String(revision)]).ended;
  const answers = await Promise.all(Array.from({ length: WORKERS }, swap));
  const codes = answers.map(({ stdout }) => JSON.parse(stdout)).map(({ ok, error }) => (ok ? 'won' : error.code)).sort();
  assert.deepEqual(codes, [...Array.from({ length: WORKERS - 1 }, () => 'stale-revision'), 'won']);
});
