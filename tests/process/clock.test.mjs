// Machines whose clocks are wrong, and clocks that somebody sets back and forth while leases run.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import test from 'node:test';
import { Project, soak } from './harness.mjs';
import { openWindow } from './lsp-client.mjs';
import { Replay } from './replay.mjs';
import { Worker, dice } from './worker.mjs';

const STEPS = soak ? 3000 : 150;
const TTL_SECONDS = 60;
const [HOUR, DAY] = [3600, 24 * 3600];
const skip = process.platform === 'linux' ? false : 'the C library’s clock is replaced on Linux only';

/** A project whose commands run with a clock that is `seconds` ahead. */
function shiftable(t) {
  const project = new Project(t);
  const library = path.join(project.scratch, 'shift.so');
  execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, path.join(import.meta.dirname, 'clock', 'shift.c'), '-ldl']);
  const env = (seconds) => ({ LD_PRELOAD: library, CLOCK_SHIFT: String(seconds) });
  return { project, ahead: (seconds, more = {}) => ({ env: { ...env(seconds), ...more } }) };
}

test('the clock of a process is shifted at all', { skip }, (t) => {
  const { project, ahead } = shiftable(t);
  project.board();
  const agent = project.agent('ann');
  const { lease } = project.done(['claim', '--module', 'core', '--agent-id', agent, '--ttl-seconds', '60'], ahead(10 * DAY));
  assert.ok(Date.parse(lease.expires_at) > Date.now() + 9 * DAY * 1000);
});

test('a lease that ran out by a clock set ahead is lost for good when the clock goes back', { skip }, (t) => {
  const { project, ahead } = shiftable(t);
  project.board();
  const [ann, ben] = [project.agent('ann'), project.agent('ben')];
  const { lease } = project.done(['claim', '--module', 'core', '--agent-id', ann, '--ttl-seconds', '60']);
  project.refused('lease-held', ['claim', '--module', 'core', '--agent-id', ben]);
  project.done(['claim', '--module', 'core', '--agent-id', ben], ahead(2 * HOUR));
  const asAnn = ['--agent-id', ann, '--lease-token', lease.token];
  for (const seconds of [0, -HOUR, -DAY]) {
    for (const words of [['heartbeat', '--module', 'core'], ['finish', '--module', 'core'], ['release', '--module', 'core']]) {
      const { ok, error } = project.json([...words, ...asAnn], ahead(seconds));
      assert.ok(!ok && ['stale-lease', 'not-holder'].includes(error.code), `${words[0]} at ${seconds}: ${JSON.stringify(error)}`);
    }
  }
  project.done(['heartbeat', '--module', 'core', '--agent-id', ben]);
});

test('one machine that is a year ahead keeps no lease alive for a year', { skip }, (t) => {
  const { project, ahead } = shiftable(t);
  project.board();
  const [ann, ben] = [project.agent('ann'), project.agent('ben')];
  project.done(['claim', '--module', 'docs', '--agent-id', ann, '--ttl-seconds', '60'], ahead(365 * DAY));
  // What is given afterwards runs by the clock that is right.
  const { lease } = project.done(['claim', '--module', 'core', '--agent-id', ben, '--ttl-seconds', '60']);
  assert.ok(Math.abs(Date.parse(lease.expires_at) - Date.now() - 60_000) < 30_000, lease.expires_at);
});

test('a clock behind the board’s by less than a minute stands still instead of going back', { skip }, (t) => {
  const { project, ahead } = shiftable(t);
  project.board();
  const agent = project.agent('ann');
  project.done(['claim', '--module', 'core', '--agent-id', agent], ahead(30));
  project.done(['claim', '--module', 'docs', '--agent-id', agent]);
  const { events } = project.done(['events', '--kind', 'claim']);
  const [first, second] = events.map(({ at }) => Date.parse(at));
  assert.equal(second, first);
});

test('retention, requests and cursors survive a clock that jumps', { skip }, (t) => {
  const { project, ahead } = shiftable(t);
  project.board();
  const agent = project.agent('ann');
  const claim = ['claim', '--module', 'core', '--agent-id', agent, '--request-id', 'once'];
  const { lease } = project.done(claim);
  // The same request again has one effect while it is remembered, by whatever clock.
  for (const seconds of [0, HOUR, -HOUR]) assert.equal(project.done(claim, ahead(seconds)).lease.token, lease.token);
  const { events } = project.done(['events', '--cursor-id', 'mine', '--agent-id', agent]);
  project.done(['ack-events', '--cursor-id', 'mine', '--agent-id', agent], ahead(-DAY));
  assert.equal(project.done(['prune-events', '--max-age-seconds', '3600'], ahead(-DAY)).archived, 0, 'what lies ahead is not old');
  project.done(['edit-module', 'docs', '--title', 'Guides'], ahead(DAY));
  const fresh = project.done(['events', '--cursor-id', 'mine', '--agent-id', agent], ahead(-DAY)).events;
  assert.deepEqual(fresh.map(({ kind }) => kind), ['prune-events', 'edit-module']);
  assert.ok(fresh[0].seq > events.at(-1).seq);
});

test(`${STEPS} commands of four agents whose clocks jump leave every lease with one holder`, { skip, timeout: 3_600_000 }, async (t) => {
  const { project, ahead } = shiftable(t);
  project.done(['bootstrap']);
  const first = Array.from({ length: 8 }, (_, n) => `m${n}`);
  const ids = [...first];
  project.done(['import-plan', '-'], { input: JSON.stringify({ modules: ids.map((id) => ({ id })) }) });
  const agents = ['ann', 'ben', 'cleo', 'dan'].map((name) => project.agent(name));
  const begun = project.done(['events']).events.at(-1);
  const replay = new Replay(ids, { begun, ttl: TTL_SECONDS * 1000 });
  const offers = [];
  const workers = agents.map((agent, n) => new Worker(n, agent, ids, { ttlSeconds: TTL_SECONDS, offers }));
  const [roll, tokens] = [dice(11), []];
  const shifts = [0, 0, 0, 20, -20, 90, -90, HOUR, -HOUR, DAY, -DAY];
  const window = await openWindow(project);
  let refused = 0;
  for (let step = 0; step < STEPS; step += 1) {
    const worker = workers[roll(workers.length)];
    const words = worker.next();
    const envelope = project.json(words, ahead(shifts[roll(shifts.length)]));
    assert.ok(envelope.ok || ['refused', 'nothing'].includes(envelope.error.kind), JSON.stringify(envelope.error));
    worker.heard(words, envelope);
    if (step % 40 === 39) {
      const more = first.map((id) => `${id}-${step}`);
      project.done(['import-plan', '-'], { input: JSON.stringify({ modules: more.map((id) => ({ id })) }) });
      replay.add(more);
      ids.push(...more);
    }
    const state = await window.request('remit/query', { query: 'state' });
    const news = await window.request('remit/query', { query: 'events', arguments: { since: replay.seq, limit: 1_000_000 } });
    replay.play(news.result.events, state.revision);
    replay.assertIs(state.result.modules);
    const { module, lease } = envelope.ok ? envelope.result : {};
    if (words[0] === 'heartbeat' && lease) replay.renewed(module.id, Date.parse(lease.expires_at));
    if (lease?.token) tokens.push({ module: module.id, agent: worker.agent, token: lease.token, revision: envelope.revision });
    const at = tokens.findLastIndex((token) => replay.isStale(token.module, token.revision));
    if (at < 0) continue;
    const [stale] = tokens.splice(at, 1);
    const answer = project.json(['heartbeat', '--module', stale.module, '--agent-id', stale.agent, '--lease-token', stale.token], ahead(shifts[roll(shifts.length)]));
    assert.ok(!answer.ok && ['stale-lease', 'not-holder', 'wrong-status'].includes(answer.error.code), JSON.stringify(answer.error));
    refused += 1;
  }
  assert.equal(await window.leave(), 0);
  assert.ok(refused > STEPS / 10, `only ${refused} old tokens were tried`);
});
