// A window is told its board by what differs from the last answer. However the board went on meanwhile, it has what a fresh answer says.
import assert from 'node:assert/strict';
import test from 'node:test';
import { LspClient } from '../bench/lib/lsp-client.mjs';
import { Project } from './harness.mjs';

const TIMEOUT = { timeout: 180_000 };
const MODULES = 60;
const STEPS = 150;

async function openWindow(t, project, folder = project.root) {
  const client = new LspClient(project.binary, folder, project.env());
  t.after(() => client.process.kill('SIGKILL'));
  await client.initialize();
  return client;
}

const whole = async (client) => (await client.request('remit/query', { query: 'board' })).result;

/** What the window has by following is what it is told at once; bookkeeping may move between the two questions. */
async function agrees(client, what) {
  for (let tries = 0; ; tries += 1) {
    const { mark, ...followed } = await client.board();
    assert.ok(mark);
    const fresh = await whole(client);
    try {
      return assert.deepEqual(followed, fresh, what);
    } catch (error) {
      if (tries === 5) throw error;
    }
  }
}

/** The same numbers for the same seed. */
function random(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Something that one of the windows does; refusals are part of the day. */
function step(pick, at) {
  const id = `m${pick(MODULES)}`;
  const steps = [
    ['edit-module', { id, title: `title ${at}` }],
    ['edit-module', { id, priority: pick(5) }],
    ['edit-module', { id, depends_on: [`m${pick(MODULES)}`] }],
    ['add-module', { id: `new-${at}`, owned_paths: [`new/${at}`] }],
    ['claim', { module: id }],
    ['claim-next', {}],
    ['block', { module: id, reason: `because of ${at}` }],
    ['release', { module: id }],
    ['submit', { module: id }],
    ['claim-review-next', {}],
    ['approve', { module: id }],
    ['request-changes', { module: id, reason: 'not yet' }],
    ['cancel', { module: id }],
    ['handoff-bundle', { module: id }],
  ];
  return steps[pick(steps.length)];
}

test('a window that is told what differs has the board that it would be told at once', TIMEOUT, async (t) => {
  const project = new Project(t).board();
  const modules = Array.from({ length: MODULES }, (_, n) => ({ id: `m${n}`, owned_paths: [`src/m${n}`], priority: n % 5 }));
  project.done(['import-plan', '-'], { input: JSON.stringify({ modules }) });
  const here = await openWindow(t, project);
  const there = await openWindow(t, project, project.worktree('elsewhere'));
  await agrees(here, 'at the start');

  const pick = random(20_261);
  let done = 0;
  for (let at = 0; at < STEPS; at += 1) {
    const [command, args] = step(pick, at);
    const answer = await (pick(2) === 0 ? here : there).command(command, args);
    assert.notEqual(answer.error?.kind, 'invalid', `${command} ${JSON.stringify(args)}: ${JSON.stringify(answer.error)}`);
    done += answer.ok ? 1 : 0;
    // Sometimes several steps are told at once.
    if (pick(3) > 0) await agrees(here, `after ${command} ${JSON.stringify(args)}`);
  }
  await agrees(here, 'at the end');
  assert.ok(done > STEPS / 3, `${done} of ${STEPS} steps changed the board`);
});

test('one module that changes is told alone, and a sidecar that was started again tells all of its board', TIMEOUT, async (t) => {
  const project = new Project(t).board();
  const modules = Array.from({ length: MODULES }, (_, n) => ({ id: `m${n}`, owned_paths: [`src/m${n}`] }));
  project.done(['import-plan', '-'], { input: JSON.stringify({ modules }) });
  const window = await openWindow(t, project);
  const { mark } = (await window.request('remit/board')).result;
  await window.command('edit-module', { id: 'm7', title: 'another one' });
  const told = (await window.request('remit/board', { since: mark })).result;
  const rows = told.modules.flatMap((stretch) => stretch.rows);
  assert.deepEqual(rows.map(({ id, title }) => [id, title]), [['m7', 'another one']]);
  await window.stop();

  const again = await openWindow(t, project);
  const anew = (await again.request('remit/board', { since: told.mark })).result;
  assert.equal(anew.since, undefined);
  assert.equal(anew.modules.filter(({ id }) => id.startsWith('m')).length, MODULES);
});
