// Eight writers, and a SIGKILL again and again; after each one the board must be one that could have come about, every lease
// with one holder, every token from before worthless.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Project, askSqlite, soak } from './harness.mjs';
import { openWindow } from './lsp-client.mjs';
import { Replay } from './replay.mjs';
import { Worker, dice } from './worker.mjs';

const KILLS = soak ? 2000 : 100;
const WRITERS = 8;
const MODULES = 12;
const TTL_SECONDS = 1;
/** Work runs out when everything is done: then more comes. */
const MORE_EVERY = 25;

/** One writer: a process for each command, one in three of them killed somewhere in the middle, until there was enough. */
class Writer {
  constructor(project, worker, { tokens, roll, killed }) {
    Object.assign(this, { project, worker, tokens, roll, killed, milliseconds: 10 });
  }

  async run(isOver) {
    while (!isOver()) {
      const words = this.worker.next();
      const envelope = await this.command(words);
      this.worker.heard(words, envelope);
      const { module, lease } = envelope?.ok ? envelope.result : {};
      if (lease?.token) this.tokens.push({ module: module.id, agent: this.worker.agent, token: lease.token, revision: envelope.revision });
    }
  }

  /** The envelope, or nothing of a command that was killed. */
  async command(words) {
    const killAfter = this.roll(3) === 0 ? 1 + this.roll(Math.ceil(this.milliseconds)) : undefined;
    const begun = performance.now();
    const { signal, stdout } = await this.project.start(['--json', ...words], { killAfter }).ended;
    if (signal) {
      await this.killed();
      return null;
    }
    // How long a command takes here and now, so that the kills fall into all of it.
    this.milliseconds += (performance.now() - begun - this.milliseconds) / 8;
    const envelope = JSON.parse(stdout);
    assert.ok(envelope.ok || ['refused', 'nothing'].includes(envelope.error.kind), `${words.join(' ')}: ${stdout}`);
    return envelope;
  }
}

/** What is known of the board, held against it after each kill by a window that stays: it is quick to answer. */
class Check {
  constructor(window, replay, tokens) {
    Object.assign(this, { window, replay, tokens, refused: 0 });
  }

  async now() {
    const { revision, result } = await this.window.request('remit/query', { query: 'state' });
    const { result: news } = await this.window.request('remit/query', { query: 'events', arguments: { since: this.replay.seq, limit: 1_000_000 } });
    this.replay.play(news.events, revision);
    assert.equal(this.replay.revision, revision, 'each revision left its events');
    this.replay.assertIs(result.modules);
    await this.tryStale();
  }

  /** The newest token that is worthless by now. */
  async tryStale() {
    const at = this.tokens.findLastIndex(({ module, revision }) => this.replay.isStale(module, revision));
    if (at < 0) return;
    const [{ module, agent, token }] = this.tokens.splice(at, 1);
    const { ok, error } = await this.window.request('remit/command', { command: 'heartbeat', arguments: { module }, agent_id: agent, lease_token: token });
    assert.ok(!ok && ['stale-lease', 'not-holder', 'wrong-status'].includes(error.code), `an old token of ${module}: ${JSON.stringify(error)}`);
    this.refused += 1;
  }
}

/** The same, one call after the other, whoever calls. */
function inOrder(run) {
  let last = Promise.resolve();
  return () => (last = last.then(run));
}

test(`${KILLS} kills under ${WRITERS} writers leave every lease with one holder`, { timeout: 3_600_000 }, async (t) => {
  const project = new Project(t);
  project.done(['bootstrap']);
  const ids = [];
  const addModules = (count) => {
    const more = Array.from({ length: count }, (_, n) => `m${ids.length + n}`);
    project.done(['import-plan', '-'], { input: JSON.stringify({ modules: more.map((id) => ({ id })) }) });
    ids.push(...more);
    return more;
  };
  addModules(MODULES);
  const agents = Array.from({ length: WRITERS }, (_, n) => project.agent(`writer-${n}`));
  const { events: [{ seq, revision }] } = project.done(['events', '--limit', '1']);
  const replay = new Replay(ids, { begun: { seq, revision }, ttl: TTL_SECONDS * 1000 });
  const [tokens, offers, roll] = [[], [], dice(7)];
  const check = new Check(await openWindow(project), replay, tokens);
  let kills = 0;
  const killed = inOrder(async () => {
    kills += 1;
    await check.now();
    if (kills % MORE_EVERY === 0) replay.add(addModules(MODULES));
  });
  const writers = agents.map((agent, n) => new Writer(project, new Worker(n, agent, ids, { ttlSeconds: TTL_SECONDS, offers }), { tokens, roll, killed }));
  await Promise.all(writers.map((writer) => writer.run(() => kills >= KILLS)));
  await check.now();
  assert.equal(await check.window.leave(), 0);
  assert.ok(check.refused > KILLS / 4, `only ${check.refused} old tokens were tried`);
  assert.deepEqual(askSqlite(project, 'PRAGMA integrity_check'), [['ok']]);
  const numbers = askSqlite(project, 'SELECT seq FROM events ORDER BY seq').flat();
  assert.deepEqual(numbers, numbers.map((_, n) => n + 1));
});
