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

/** One writer: a process for each command, until there was enough. */
class Writer {
  constructor(project, worker, tokens) {
    Object.assign(this, { project, worker, tokens, child: null });
  }

  async run(isOver) {
    while (!isOver()) {
      const words = this.worker.next();
      this.child = this.project.start(['--json', ...words]);
      const { signal, stdout } = await this.child.ended;
      this.child = null;
      const envelope = signal ? null : JSON.parse(stdout);
      assert.ok(!envelope || envelope.ok || ['refused', 'nothing'].includes(envelope.error.kind), `${words.join(' ')}: ${stdout}`);
      this.worker.heard(words, envelope);
      const { module, lease } = envelope?.ok ? envelope.result : {};
      if (lease?.token) this.tokens.push({ module: module.id, agent: this.worker.agent, token: lease.token, revision: envelope.revision });
    }
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

/** Kills some writer in the middle of its command; says whether it was still there. */
async function killOne(writers, roll) {
  const { child } = writers[roll(writers.length)];
  await new Promise((resolve) => setTimeout(resolve, roll(12)));
  if (!child) return false;
  child.kill();
  return (await child.ended).signal === 'SIGKILL';
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
  const writers = agents.map((agent, n) => new Writer(project, new Worker(n, agent, ids, { ttlSeconds: TTL_SECONDS, offers }), tokens));
  const check = new Check(await openWindow(project), replay, tokens);

  let [killed, over] = [0, false];
  const running = Promise.all(writers.map((writer) => writer.run(() => over)));
  const killing = async () => {
    while (killed < KILLS) {
      if (!(await killOne(writers, roll))) continue;
      killed += 1;
      await check.now();
      if (killed % MORE_EVERY === 0) replay.add(addModules(MODULES));
    }
  };
  await Promise.race([killing(), running]).finally(() => (over = true));
  await running;
  await check.now();
  assert.equal(await check.window.leave(), 0);
  assert.ok(check.refused > KILLS / 4, `only ${check.refused} old tokens were tried`);
  assert.deepEqual(askSqlite(project, 'PRAGMA integrity_check'), [['ok']]);
  const numbers = askSqlite(project, 'SELECT seq FROM events ORDER BY seq').flat();
  assert.deepEqual(numbers, numbers.map((_, n) => n + 1));
});
