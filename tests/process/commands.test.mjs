// Every command and query once, held to the schema that the binary prints: what it answers, how it refuses, what it exits with.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { Project } from './harness.mjs';
import { mismatches } from './schema.mjs';
import { assertSnapshot, makeNormaliser } from './snapshot.mjs';

/** One call of each, in an order in which each can be done. `ann` works in the main worktree, `ben` in a linked one. */
const DAY = [
  ['ann', 'bootstrap'],
  ['ann', 'add-module', 'cart', '--owned-path', 'src/core', '--description', 'Totals.'],
  ['ann', 'import-plan', '-'],
  ['ann', 'edit-module', 'docs', '--priority', '0', '--depends-on', 'search'],
  ['ann', 'init-agent', '--thread-key', 'ann', '--role', 'coordinator', '--specialty', 'rust'],
  ['ben', 'register-session', '--thread-key', 'ben'],
  ['ann', 'preflight', '--confirm-workspace', '--confirm-branch', '--safety-profile', 'throughput'],
  ['ann', 'claim', '--module', 'cart'],
  ['ben', 'claim-next'],
  ['ben', 'claim-paths', 'src/core/lib.rs', '--reason', 'a title'],
  ['ann', 'heartbeat', '--module', 'cart'],
  ['ann', 'infer-paths', '--module', 'cart'],
  ['ben', 'intake', '--thread-key', 'ben'],
  ['ann', 'handoff-bundle', '--module', 'cart', '--to', 'workers', '--next-step', 'go on'],
  ['ben', 'who-owns', 'src/core/lib.rs', 'README.md'],
  ['ann', 'conflicts', 'README.md'],
  ['ann', 'mode-advisor', '--cross-machine'],
  ...['doctor', 'state', 'summary', 'modules', 'sessions', 'handoffs', 'board', 'findings'].map((query) => ['ben', query]),
  ['ben', 'show', 'cart'],
  ['ann', 'validate'],
  ['ben', 'events', '--since', '0', '--limit', '5', '--cursor-id', 'c'],
  ['ben', 'notifications', '--cursor-id', 'c'],
  ['ben', 'next-handoff'],
  ['ann', 'event-archives'],
  ['ben', 'ack-events', '--cursor-id', 'c'],
  ['ben', 'ack-notifications', '--cursor-id', 'c', '--up-to', '2'],
  ['ben', 'claim-handoff', '--module', 'cart', '--ttl-seconds', '1'],
  ['ben', 'ack-handoff', '--module', 'cart'],
  ['ben', 'release', '--module', 'search'],
  ['ann', 'reclaim'],
  ['ann', 'claim', '--module', 'search'],
  ['ann', 'block', '--module', 'search', '--reason', 'no index yet'],
  ['ann', 'unblock', '--module', 'search'],
  ['ben', 'request-handoff', '--module', 'search', '--reason', 'I know it'],
  ['ann', 'submit', '--module', 'search'],
  ['ben', 'start-review', '--module', 'search'],
  ['ben', 'request-changes', '--module', 'search', '--reason', 'test the empty query'],
  ['ann', 'claim', '--module', 'search'],
  ['ann', 'submit', '--module', 'search'],
  ['ben', 'claim-review-next'],
  ['ben', 'approve', '--module', 'search'],
  ['ann', 'confirm-module', 'docs', '--all'],
  ['ann', 'next-claimable', '--limit', '2'],
  ['ben', 'graph', '--format', 'mermaid'],
  ['ben', 'next-action'],
  ['ann', 'claim', '--module', 'cart'],
  ['ann', 'submit', '--module', 'cart'],
  ['ben', 'next-reviewable'],
  ['ben', 'mode-advisor', '--agent-count', '3'],
  ['ann', 'assign', '--module', 'docs', '--to', 'agent:BEN'],
  ['ben', 'claim', '--module', 'docs'],
  ['ben', 'finish', '--module', 'docs'],
  ['ann', 'cancel', '--module', 'cart'],
  ['ann', 'intake', '--seed-tasks'],
  ['ann', 'prune-events', '--max-rows', '3'],
  ['ann', 'reap-sessions', '--max-age-seconds', '0'],
];
const PLAN = '{"modules": [{"id": "search", "title": "Search", "priority": 1}, {"id": "docs", "candidate_owned_paths": ["docs"]}]}';

/** What moves what is no history, or only proposes. */
const BOOKKEEPING = ['heartbeat', 'ack-events', 'ack-notifications', 'infer-paths'];

test('every answer is the envelope around what its schema says', async (t) => {
  const project = new Project(t);
  const schema = JSON.parse(project.run(['schema']).stdout);
  const replies = { ...schema.commands, ...schema.queries };
  const cwd = { ann: project.root, ben: project.worktree('ben') };
  let revision = 0;
  let ben = '';
  for (const [who, name, ...words] of DAY) {
    if (name === 'reclaim') await expiry(project, 'cart');
    const args = words.map((word) => word.replace('BEN', ben));
    const envelope = project.json([name, ...args], { cwd: cwd[who], input: PLAN });
    assert.deepEqual(Object.keys(envelope).sort(), ['code', 'ok', 'result', 'revision'], name);
    assert.deepEqual(mismatches(envelope.result, replies[name].reply, schema.definitions.replies), [], name);
    const writes = name in schema.commands && !BOOKKEEPING.includes(name);
    assert.equal(envelope.revision, revision + Number(writes), `${name}: one commit is one revision, and a question is none`);
    if (writes) {
      const { events } = project.done(['events', '--limit', '20']);
      const own = events.filter((event) => event.revision === envelope.revision).map(({ kind }) => kind);
      assert.ok(own.includes(name), `${name} leaves an event: ${own}`);
    }
    revision = envelope.revision;
    if (name === 'register-session') ben = envelope.result.agent_id;
  }
  const untried = Object.keys(replies).filter((name) => !DAY.some(([, done]) => done === name));
  assert.deepEqual(untried, [], 'each command has its place in the day');
});

/** What is no command of the board, and needs none; the last of all takes the board away. */
const BESIDES = [
  ['ann', 'guard', 'install'],
  ['ben', 'guard', 'check'],
  ['ann', 'guard', 'uninstall'],
  ['ann', 'skill', '--install', '.claude/skills'],
  ['ann', 'uninstall', '--board'],
];
/** What people read of these is not for a terminal: a protocol, a script for a shell, data for programs. */
const NOT_FOR_PEOPLE = ['lsp', 'completions', 'state', 'board', 'findings'];

test('what people read of every command', async (t) => {
  const project = new Project(t);
  const cwd = { ann: project.root, ben: project.worktree('ben') };
  const normalise = makeNormaliser(project.scratch);
  const said = [];
  let ben = '';
  for (const [who, name, ...words] of [...DAY, ...BESIDES]) {
    if (NOT_FOR_PEOPLE.includes(name)) continue;
    if (name === 'reclaim') await expiry(project, 'cart');
    const args = [name, ...words.map((word) => word.replace('BEN', ben))];
    const { code, stdout, stderr } = project.run(args, { cwd: cwd[who], input: name === 'guard' ? '{}' : PLAN });
    assert.deepEqual([code, stderr], [0, ''], args.join(' '));
    if (name === 'register-session') [ben] = stdout.match(/agent-[0-9a-f]{8}/);
    said.push(`${who} $ remit ${args.map((word) => (/[ {]/.test(word) ? `'${word}'` : word)).join(' ')}\n${stdout.replaceAll(/^(?=.)/gm, '    ')}`);
  }
  assertSnapshot('every-command.txt', ofNoMachine(normalise(said.join('\n'))));
  const shown = said.map((text) => text.split(' ')[3].trim());
  assert.deepEqual(commands(project).filter((name) => !shown.includes(name) && !NOT_FOR_PEOPLE.includes(name)), []);
});

/** All that `--help` lists. */
function commands(project) {
  const [, list] = /^Commands:\n([^]*?)\n\n/m.exec(project.run(['--help']).stdout);
  return [...list.matchAll(/^ {2}([a-z]\S*)/gm)].map(([, name]) => name);
}

/** What `doctor` finds differs from machine to machine. */
const ofNoMachine = (text) =>
  text.replace(/git version \S+/g, 'git version 2').replace(/SQLite 3\S*/g, 'SQLite 3').replace(/of \d+ KiB/g, 'of 100 KiB').replaceAll(os.hostname(), 'HOST');

/** Calls that must fail on the board of `Project.board`: exit code, code, call. `alice` holds core, by a lease of her own. */
const REFUSALS = [
  [1, 'not-found', 'claim', '--module', 'none', '--agent-id', 'ALICE'],
  [1, 'not-found', 'show', 'none'],
  [1, 'not-found', 'show', 'cor'],
  [1, 'not-found', 'handoff-bundle', '--module', 'core', '--to', 'agent:bob', '--agent-id', 'ALICE'],
  [1, 'wrong-status', 'assign', '--module', 'spike', '--to', 'agent:BOB', '--agent-id', 'BOB'],
  [1, 'not-found', 'release', '--module', 'core', '--agent-id', 'agent-00000000'],
  [1, 'already-exists', 'add-module', 'core'],
  [1, 'lease-held', 'claim', '--module', 'core', '--agent-id', 'BOB'],
  [1, 'not-holder', 'heartbeat', '--module', 'core', '--agent-id', 'BOB'],
  [1, 'not-holder', 'edit-module', 'core', '--owned-path', 'src', '--agent-id', 'BOB'],
  [1, 'dependency-open', 'claim', '--module', 'web', '--agent-id', 'BOB'],
  [1, 'wrong-status', 'finish', '--module', 'docs', '--agent-id', 'BOB'],
  [1, 'wrong-status', 'submit', '--module', 'docs', '--agent-id', 'BOB'],
  [1, 'wrong-status', 'unblock', '--module', 'core', '--agent-id', 'ALICE'],
  [1, 'wrong-status', 'start-review', '--module', 'core', '--agent-id', 'BOB'],
  [1, 'wrong-status', 'approve', '--module', 'core', '--agent-id', 'ALICE'],
  [1, 'wrong-status', 'request-handoff', '--module', 'docs', '--agent-id', 'BOB'],
  [1, 'not-holder', 'block', '--module', 'core', '--reason', 'mine', '--agent-id', 'BOB'],
  [1, 'not-holder', 'cancel', '--module', 'docs', '--agent-id', 'BOB'],
  [1, 'lease-held', 'assign', '--module', 'core', '--to', 'agent:BOB', '--agent-id', 'BOB'],
  [1, 'not-found', 'confirm-module', 'core', '--depends-on', 'docs', '--agent-id', 'ALICE'],
  [1, 'stale-lease', 'finish', '--module', 'core', '--agent-id', 'ALICE', '--lease-token', 'no'],
  [1, 'stale-revision', 'add-module', 'x', '--expected-revision', '1'],
  [1, 'stale-revision', 'summary', '--expected-revision', '1'],
  [1, 'cycle', 'edit-module', 'docs', '--depends-on', 'docs'],
  [1, 'scope-overlap', 'claim-paths', 'src/core', '--agent-id', 'BOB'],
  [1, 'agent-unclear', 'claim-next'],
  [1, 'not-confirmed', 'preflight', '--confirm-branch'],
  [2, 'invalid', 'claim', '--module', 'docs', '--ttl-seconds', '0', '--agent-id', 'BOB'],
  [2, 'invalid', 'block', '--module', 'core', '--agent-id', 'ALICE'],
  [2, 'invalid', 'confirm-module', 'docs', '--agent-id', 'BOB'],
  [2, 'invalid', 'assign', '--module', 'docs', '--to', 'workers', '--agent-id', 'BOB'],
  [2, 'invalid', 'who-owns', '../elsewhere'],
  [2, 'invalid', 'clam'],
  [2, 'invalid', 'init-agent'],
  [2, 'invalid', 'import-plan', '-'],
  [3, 'nothing', 'reclaim', '--agent-id', 'BOB'],
  [3, 'nothing', 'next-reviewable', '--agent-id', 'BOB'],
  [3, 'nothing', 'claim-review-next', '--agent-id', 'BOB'],
  [3, 'nothing', 'confirm-module', 'docs', '--all', '--agent-id', 'BOB'],
];

test('every refusal has its exit code, says what was left unchanged, and changes nothing', (t) => {
  const project = new Project(t).board();
  const schema = JSON.parse(project.run(['schema']).stdout);
  project.done(['preflight', '--confirm-workspace', '--confirm-branch', '--safety-profile', 'safe']);
  const agents = { ALICE: project.agent('alice'), BOB: project.agent('bob') };
  project.done(['claim', '--module', 'core', '--agent-id', agents.ALICE]);
  project.done(['add-module', 'spike']);
  project.done(['claim', '--module', 'spike', '--agent-id', agents.ALICE]);
  project.done(['cancel', '--module', 'spike', '--agent-id', agents.ALICE]);
  const before = project.done(['state', '--agent-id', agents.BOB]);
  const [said, helpless] = [[], []];
  for (const [exit, expected, ...words] of REFUSALS) {
    const args = words.map((word) => agents[word] ?? word.replace('agent:BOB', `agent:${agents.BOB}`));
    const { code, ok, error } = project.json(args, { input: '{' });
    assert.deepEqual([code, ok, error.code], [exit, false, expected], `${args.join(' ')}: ${error.message}`);
    assert.deepEqual(mismatches(error, schema.failure, schema.definitions.replies), [], args.join(' '));
    assert.ok(isWholeSentence(error, args), `${args.join(' ')}: ${error.message} | ${error.hint}`);
    const people = project.run(args, { input: '{' });
    assert.deepEqual([people.code, people.stdout], [exit, ''], 'people get the same, on standard error');
    assert.ok(people.stderr.startsWith('error: '), people.stderr);
    helpless.push(...withoutHelp(project, error, args));
    said.push(`remit ${args.join(' ')}  [${exit}]\n${people.stderr.replaceAll(/^(?=.)/gm, '    ')}`);
  }
  assert.deepEqual(helpless, [], 'each is refused with a hint');
  assertSnapshot('every-refusal.txt', makeNormaliser(project.scratch)(said.join('\n')));
  const after = project.done(['state', '--agent-id', agents.BOB]);
  const bookkeeping = (state) => ({ ...state, sessions: state.sessions.map((session) => ({ ...session, last_seen: '' })) });
  assert.deepEqual(bookkeeping(after), bookkeeping(before));
});

/** What a reader puts where a hint leaves a word open. */
const FILLED = { ID: 'core', NAME: 'me', PATH: 'src', FILE: '-', R: 'why', COMMAND: 'claim' };

/** Calls without a hint. What a hint tells to type can be typed: where there is no board, it comes at least as far as to say so. */
function withoutHelp(project, { hint }, args) {
  if (!hint) return [args.join(' ')];
  const lines = [...hint.matchAll(/`remit ([^`]*)`/g)].map(([, line]) => line);
  for (const line of lines) {
    const empty = fs.mkdtempSync(path.join(project.scratch, 'empty-'));
    const { code, stderr } = project.run(line.split(' ').map((word) => FILLED[word] ?? word), { cwd: empty });
    assert.notEqual(code, 2, `remit ${line}: ${stderr}`);
  }
  return [];
}

// A question changes nothing anyhow; of words that are no command nobody expects that they did.
const ASKS_ONLY = ['show', 'summary', 'who-owns', 'next-reviewable', 'clam'];

function isWholeSentence({ message, hint }, [name]) {
  const saysUnchanged = /nothing was changed/.test(`${message} ${hint}`);
  return message.length > 10 && !message.endsWith('.') && (saysUnchanged || ASKS_ONLY.includes(name));
}

test('output that nobody reads to its end is no failure', (t) => {
  const project = new Project(t);
  project.done(['bootstrap']);
  const modules = Array.from({ length: 2000 }, (_, n) => ({ id: `m${n}`, title: 'x'.repeat(100) }));
  project.done(['import-plan', '-'], { input: JSON.stringify({ modules }) });
  const { code, stderr } = project.shell('"$REMIT" state | head -c 10 >/dev/null; "$REMIT" --json modules | true');
  assert.deepEqual([code, stderr], [0, '']);
});

test('a plan is read from a file, and a folder or a missing file is said to be none', (t) => {
  const project = new Project(t).board();
  for (const file of ['src', 'missing.json', '/dev/null']) {
    const error = project.refused('invalid', ['import-plan', file]);
    assert.match(error.message, /nothing was changed/, file);
  }
  fs.writeFileSync(project.at('plan.json'), Buffer.from([0x7b, 0xff, 0x7d]));
  assert.match(project.refused('invalid', ['import-plan', 'plan.json']).message, /nothing was changed/);
});

/** A lease of one second can't be made to end sooner than that. */
async function expiry(project, id) {
  while (!project.done(['show', id]).module.lease.expired) await new Promise((resolve) => setTimeout(resolve, 50));
}
