// Many processes do everything at once, some of them killed. What the board says happened is then played again, in the order of
// revisions, on the simplest model there is: it must have been possible, and must end where the board stands.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Project, askSqlite, soak } from './harness.mjs';

const WORKERS = soak ? 16 : 6;
const MODULES = soak ? 60 : 12;
const COMMANDS = soak ? 150 : 20;

/** Numbers that look random and are the same each time. */
function dice(seed) {
  let state = seed * 2654435761 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0;
    return state % below;
  };
}

const ofModule = (name) => (id) => [name, '--module', id];
const MOVES = [
  () => ['claim-next'],
  ofModule('claim'),
  ofModule('claim'),
  ofModule('heartbeat'),
  ofModule('release'),
  ofModule('finish'),
  (id) => ['block', '--module', id, '--reason', 'because'],
  ofModule('unblock'),
  ofModule('submit'),
  ofModule('submit'),
  ofModule('start-review'),
  () => ['claim-review-next'],
  (id) => ['request-changes', '--module', id, '--reason', 'because'],
  ofModule('approve'),
  ofModule('cancel'),
  ofModule('request-handoff'),
  ofModule('handoff-bundle'),
  ofModule('claim-handoff'),
  ofModule('ack-handoff'),
  (id) => ['edit-module', id, '--title', 'another'],
];

/** The kinds of events that move a module, and what each needs and does. */
const MODEL = {
  'claim-next': taken,
  claim: taken,
  release: (module, agent) => (module.status === 'in-review' ? held(module, agent, 'in-review', { status: 'review-ready', holder: null }) : { ...held(module, agent), status: 'todo', holder: null, owner: null }),
  finish: (module, agent) => held(module, agent, 'in-progress', { status: 'done', holder: null }),
  block: (module, agent) => held(module, agent, 'in-progress', { status: 'blocked' }),
  unblock: (module, agent) => held(module, agent, 'blocked', { status: 'in-progress' }),
  submit: (module, agent) => held(module, agent, 'in-progress', { status: 'review-ready', holder: null }),
  'start-review': reviewed,
  'claim-review-next': reviewed,
  'request-changes': (module, agent) => held(module, agent, 'in-review', { status: 'in-progress', holder: module.owner }),
  approve: (module, agent) => held(module, agent, 'in-review', { status: 'done', holder: null }),
  cancel: (module, agent) => held(module, agent, module.status, { status: 'cancelled', holder: null }),
  'handoff-bundle': (module, agent) => {
    const may = module.status === 'review-ready' ? module.owner : module.holder;
    assert.equal(may, agent, 'only the holder offers, or the owner of what waits for review');
    return { ...module, offeredBy: agent };
  },
  'claim-handoff': (module, agent) => {
    assert.ok(module.offeredBy && module.offeredBy !== agent, 'only what somebody else offered is taken over');
    const taken = { ...module, holder: agent, offeredBy: null };
    if (!/review/.test(module.status)) return { ...taken, owner: agent };
    assert.notEqual(module.owner, agent, 'nobody reviews their own work');
    return { ...taken, status: 'in-review' };
  },
};

function taken(module, agent) {
  const again = ['in-progress', 'blocked'].includes(module.status) && module.holder === agent;
  assert.ok(module.status === 'todo' || again, `${module.status} of ${module.holder} can't be claimed by ${agent}`);
  return { ...module, status: 'in-progress', holder: agent, owner: agent };
}

function reviewed(module, agent) {
  const again = module.status === 'in-review' && module.holder === agent;
  assert.ok(module.status === 'review-ready' || again, `${module.status} of ${module.holder} can't be reviewed by ${agent}`);
  assert.notEqual(module.owner, agent, 'nobody reviews their own work');
  return { ...module, status: 'in-review', holder: agent, offeredBy: again ? module.offeredBy : null };
}

/** What only the holder does, from one status; an offer has lost its cause when the hold ends. */
function held(module, agent, from = module.status, change = {}) {
  assert.deepEqual([module.holder, module.status], [agent, from], 'only the holder moves what it holds');
  const after = { ...module, ...change };
  return after.holder === agent ? after : { ...after, offeredBy: null };
}

function replay(project, ids) {
  const modules = new Map(ids.map((id) => [id, { status: 'todo', holder: null, owner: null, offeredBy: null }]));
  for (const [seq, kind, id, agent] of askSqlite(project, 'SELECT seq, kind, module, agent FROM events WHERE target IS NULL ORDER BY revision, seq')) {
    const step = MODEL[kind];
    if (step) modules.set(id, at(`event ${seq}, ${kind} of ${id}`, () => step(modules.get(id), agent)));
  }
  return modules;
}

function at(where, step) {
  try {
    return step();
  } catch (error) {
    error.message = `${where}: ${error.message}`;
    throw error;
  }
}

/** One worker's commands, one process each; every answer must be the envelope. Killed ones answer nothing. */
async function work(project, agent, number, ids, { killing }) {
  const roll = dice(number + 1);
  const codes = [];
  for (let n = 0; n < COMMANDS; n += 1) {
    const args = MOVES[roll(MOVES.length)](ids[roll(ids.length)]);
    const child = project.start(['--json', ...args, '--agent-id', agent]);
    const timer = killing && roll(4) === 0 ? setTimeout(() => child.kill(), roll(30)) : undefined;
    const { code, signal, stdout } = await child.ended;
    clearTimeout(timer);
    if (signal) continue;
    const envelope = JSON.parse(stdout);
    assert.ok(envelope.ok || ['refused', 'nothing'].includes(envelope.error.kind), stdout);
    codes.push(code);
  }
  return codes;
}

for (const killing of [false, true]) {
  test(`everything at once${killing ? ', and one in four killed' : ''}: the board’s history is possible, and is where it stands`, async (t) => {
    const project = new Project(t);
    project.done(['bootstrap']);
    const ids = Array.from({ length: MODULES }, (_, n) => `m${n}`);
    project.done(['import-plan', '-'], { input: JSON.stringify({ modules: ids.map((id) => ({ id })) }) });
    const agents = Array.from({ length: WORKERS }, (_, n) => project.agent(`worker-${n}`));
    const codes = await Promise.all(agents.map((agent, number) => work(project, agent, number, ids, { killing })));
    assert.ok(codes.flat().includes(0) && codes.flat().includes(1), 'some were done and some refused');

    const last = project.done(['add-module', 'last']).module.revision;
    assert.deepEqual(askSqlite(project, 'PRAGMA integrity_check'), [['ok']]);
    const revisions = askSqlite(project, 'SELECT DISTINCT revision FROM events ORDER BY revision').flat();
    assert.deepEqual(revisions, Array.from({ length: last }, (_, n) => n + 1), 'each revision left its events');
    const model = replay(project, ids);
    for (const { id, status, owner, lease } of project.done(['state']).modules.filter(({ id }) => model.has(id))) {
      const expected = model.get(id);
      assert.deepEqual([id, status, owner, lease?.holder ?? null], [id, expected.status, expected.owner, expected.holder]);
    }
    const shown = JSON.parse(project.read('project-plan', 'state.json'));
    assert.equal(shown.revision, last, 'and the written files show it');
  });
}

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
