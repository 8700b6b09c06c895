// Many processes on one board, some of them killed in the middle.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Project, askSqlite, soak } from './harness.mjs';

const PROCESSES = soak ? 16 : 6;
const MODULES = soak ? 400 : 48;

function crowd(t) {
  const project = new Project(t);
  project.done(['bootstrap']);
  const modules = Array.from({ length: MODULES }, (_, n) => ({ id: `m${n}`, owned_paths: [`src/f${n}`] }));
  project.done(['import-plan', '-'], { input: JSON.stringify({ modules }) });
  const agents = Array.from({ length: PROCESSES }, (_, n) => project.agent(`worker-${n}`));
  return { project, agents, begun: project.json(['state']).revision };
}

/** Claims until there is nothing left; each claim is a process of its own. */
async function claimAll(project, agent, onClaim) {
  for (;;) {
    const child = project.start(['--json', 'claim-next', '--agent-id', agent]);
    onClaim?.(child);
    const { code, signal, stdout } = await child.ended;
    if (signal) continue;
    const envelope = JSON.parse(stdout);
    if (code === 3) return;
    assert.ok(envelope.ok, stdout);
  }
}

/** Every claim on the board, read by another program from the events in the order of revisions. */
function checkHistory(project, begun) {
  assert.deepEqual(askSqlite(project, 'PRAGMA integrity_check'), [['ok']]);
  const events = askSqlite(project, 'SELECT seq, revision, kind, module, agent FROM events ORDER BY seq');
  assert.deepEqual(events.map(([seq]) => seq), events.map((_, at) => at + 1), 'no event is lost');
  const claims = events.filter(([, , kind]) => kind === 'claim-next');
  assert.deepEqual(claims.map(([, revision]) => revision), claims.map((_, at) => begun + 1 + at), 'revisions have no gap');
  const owners = new Map(claims.map(([, , , module, agent]) => [module, agent]));
  assert.equal(owners.size, claims.length, 'no module was claimed twice');
  assert.equal(owners.size, MODULES);
  const { modules } = project.done(['state']);
  for (const { id, owner, status, lease } of modules) {
    assert.deepEqual([owner, status, lease.holder], [owners.get(id), 'in-progress', owners.get(id)], id);
  }
  return owners;
}

test('many processes claim at once, and each module has one holder', async (t) => {
  const { project, agents, begun } = crowd(t);
  await Promise.all(agents.map((agent) => claimAll(project, agent)));
  const owners = checkHistory(project, begun);
  assert.equal(new Set(owners.values()).size, PROCESSES, 'nobody starved');
});

test('the same while processes are killed in the middle', async (t) => {
  const { project, agents, begun } = crowd(t);
  let [started, killed] = [0, 0];
  // Every third process is killed, a little later each time, so that every part of a command's life is hit.
  const killSome = (child) => {
    started += 1;
    if (started % 3 !== 0) return;
    const timer = setTimeout(() => (killed += Number(child.kill())), (started * 7) % 23);
    child.ended.then(() => clearTimeout(timer));
  };
  await Promise.all(agents.map((agent) => claimAll(project, agent, killSome)));
  assert.ok(killed > 0);
  checkHistory(project, begun);
});
