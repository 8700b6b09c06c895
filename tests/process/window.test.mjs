// An open window, its language server at work, while things happen around it that nobody plans: the board goes, comes back, is
// locked, storms; the file is huge; the branch is another one; the machine slept. It says what is wrong once, and goes on.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { LspClient } from '../bench/lib/lsp-client.mjs';
import { startStorm } from './board-storm.mjs';
import { Project, cpuSeconds, soak } from './harness.mjs';

const TIMEOUT = { timeout: soak ? 3_600_000 : 180_000 };

/** A window of the project whose first board has been told; it goes with the test. */
async function openWindow(t, project, options = {}) {
  const client = new LspClient(project.binary, project.root, project.env());
  t.after(() => client.process.kill('SIGKILL'));
  await client.initialize(options);
  if (fs.existsSync(project.plan())) await client.told(isBoard(({ exists }) => exists));
  return client;
}

const isBoard = (fits) => ({ method, params }) => method === 'remit/boardChanged' && fits(params);
const isStatus = (fits) => ({ method, params }) => method === 'remit/status' && fits(params);
const codes = (diagnostics) => diagnostics.map(({ code }) => code);

async function done(client, command, args) {
  const answer = await client.command(command, args);
  assert.ok(answer.ok, `${command}: ${JSON.stringify(answer)}`);
  return answer.result;
}

const board = async (client) => (await client.request('remit/board', {})).result;

/** Somebody in a worktree of their own: what changes here is none of their doing. */
const elsewhere = (project) => project.done(['init-agent', '--thread-key', 'other'], { cwd: project.worktree('elsewhere') }).agent_id;

/** Resolves with `look()`'s first answer that is something. */
async function until(what, look) {
  for (let tries = 0; tries < 3000; tries += 1) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`never: ${what}`);
}

/** Runs SQL past the program from a process of its own, which first says `ready` and then waits for its input to end. */
async function python(t, program, ...args) {
  const child = spawn('python3', ['-c', program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return { end: () => (child.stdin.end(), ended), ended };
}

test('a board that is removed is gone for the window, and one that is made anew is its board at once', TIMEOUT, async (t) => {
  const project = new Project(t).board();
  const client = await openWindow(t, project);
  await done(client, 'claim', { module: 'core' });
  fs.rmSync(project.plan(), { recursive: true });
  await client.told(isBoard(({ exists }) => !exists));
  assert.equal((await client.command('claim-next', {})).error.code, 'no-board');
  assert.ok(!fs.existsSync(project.plan()), 'nobody asked for a board');

  project.board();
  await until('the window is somebody on the new board', async () => (await board(client)).me);
  await done(client, 'claim', { module: 'core' });
  await client.stop();
});

test('a board that is replaced by an older copy of itself is read anew', TIMEOUT, async (t) => {
  const project = new Project(t).board();
  const copy = path.join(project.scratch, 'copy');
  fs.cpSync(project.plan(), copy, { recursive: true });
  const client = await openWindow(t, project);
  await done(client, 'add-module', { id: 'late' });
  fs.rmSync(project.plan(), { recursive: true });
  fs.renameSync(copy, project.plan());
  await until('the module that only the newer board had is gone', async () => {
    const answer = await client.request('remit/board', {});
    return answer.ok && !answer.result.modules.some(({ id }) => id === 'late') && answer.result.me;
  });
  await done(client, 'claim', { module: 'core' });
  await client.stop();
});

const LOCK = `
import sqlite3, sys
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute('BEGIN IMMEDIATE')
c.execute('UPDATE meta SET safety = safety')
print('ready', flush=True)
sys.stdin.read()
c.execute('ROLLBACK')
`;

test('a board that somebody keeps locked is still shown, refuses what would change it, and is well when it is unlocked', TIMEOUT, async (t) => {
  const project = new Project(t).board();
  const client = await openWindow(t, project, { leaseSeconds: 1 });
  await until('it is registered', async () => (await board(client)).me);
  await done(client, 'claim', { module: 'core' });
  const lock = await python(t, LOCK, project.plan('coordination.db'));
  let refused;
  const asked = client.command('claim', { module: 'docs' }).then((answer) => (refused = answer));
  assert.equal((await board(client)).modules.length, 3, 'reading needs no lock');
  assert.equal(refused, undefined, 'nor does it wait for what waits');
  await asked;
  assert.deepEqual([refused.error?.kind, refused.error?.code], ['unavailable', 'locked'], JSON.stringify(refused));
  const { params } = await client.told(isStatus(({ level }) => level !== 'ok'));
  assert.deepEqual([params.level, params.code], ['warning', 'locked'], 'its lease could not be renewed');

  await lock.end();
  await client.told(isStatus(({ level }) => level === 'ok'));
  await done(client, 'claim', { module: 'docs' });
  assert.deepEqual((await board(client)).modules.filter(({ group }) => group === 'mine').map(({ id }) => id).sort(), ['core', 'docs']);
  await client.stop();
});

const RAISE = `
import sqlite3, sys
c = sqlite3.connect(sys.argv[1], isolation_level=None)
before = c.execute('SELECT format, min_writer FROM meta').fetchone()
c.execute('UPDATE meta SET format = 900, min_writer = 900')
print('ready', flush=True)
sys.stdin.read()
c.execute('UPDATE meta SET format = ?, min_writer = ?', before)
`;

test('a board that a newer version changed is said to be one without being asked for, and is well when it is put back', TIMEOUT, async (t) => {
  const project = new Project(t).board();
  const client = await openWindow(t, project);
  await until('it is registered', async () => (await board(client)).me);
  const newer = await python(t, RAISE, project.plan('coordination.db'));
  const { params } = await client.told(isStatus(({ level }) => level !== 'ok'));
  assert.deepEqual([params.level, params.code], ['error', 'schema-newer']);
  assert.match(params.hint, /restart this window/);
  await newer.end();
  await client.told(isStatus(({ level }) => level === 'ok'));
  await done(client, 'claim', { module: 'core' });
  await client.stop();
});

test('a thousand changes a second are told as few, the newest among them, and leave nothing behind', TIMEOUT, async (t) => {
  const changes = soak ? 60_000 : 2_000;
  const project = new Project(t).board();
  const client = await openWindow(t, project);
  const told = [];
  client.process.stdout.on('data', (data) => told.push(...(data.toString().match(/remit\/boardChanged/g) ?? [])));
  const before = (await board(client)).revision;
  const begun = performance.now();
  const storm = await startStorm(project.plan('coordination.db'), 'core', changes);
  const during = await board(client);
  assert.ok(during, 'it answers in the middle of it');
  assert.equal(await storm.ended, changes);
  await client.told(isBoard(({ revision }) => revision >= before + changes));
  const seconds = (performance.now() - begun) / 1000;
  // One more each time that the window itself does something, such as to register.
  assert.ok(told.length <= 20 * seconds + 10, `${told.length} in ${seconds} s`);
  assert.equal((await board(client)).modules.find(({ id }) => id === 'core').title, `round ${changes - 1}`);
  assert.ok(memoryMiB(client.process.pid) < 200, `${memoryMiB(client.process.pid)} MiB`);
  t.diagnostic(`${changes} changes in ${seconds.toFixed(1)} s: told ${told.length} times, at most ${memoryMiB(client.process.pid)} MiB, ${cpuSeconds(client.process.pid)} s of processor`);
  await client.stop();
});

/** The most that the process ever had in memory. */
const memoryMiB = (pid) => Math.round(Number(/VmHWM:\s*(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024);

test('typing in a file of 100,000 lines is followed, line for line', TIMEOUT, async (t) => {
  const lines = Array.from({ length: 100_000 }, (_, n) => `let line_${n} = ${n};`);
  const text = `${lines.join('\n')}\n`;
  const project = new Project(t, { files: { 'README.md': '# Sample\n', 'docs/guide.md': 'x\n', 'src/web/page.rs': '\n', 'src/core/lib.rs': text } }).board();
  const other = elsewhere(project);
  project.done(['claim', '--module', 'core', '--agent-id', other]);
  const client = await openWindow(t, project);
  const uri = client.uri('src/core/lib.rs');
  client.open('src/core/lib.rs', text);
  await client.diagnostics('src/core/lib.rs', (found) => codes(found).includes('path-owned-by-other'));

  const edits = soak ? 20_000 : 1_000;
  const begun = performance.now();
  for (let n = 1; n <= edits; n += 1) {
    const range = { start: { line: 77_777, character: 0 }, end: { line: 77_777, character: 0 } };
    client.notify('textDocument/didChange', { textDocument: { uri, version: n + 1 }, contentChanges: [{ range, text: 'x' }] });
  }
  assert.equal((await client.request('remit/ping', {})), null);
  t.diagnostic(`${edits} keys in ${Math.round(performance.now() - begun)} ms, at most ${memoryMiB(client.process.pid)} MiB`);
  await client.diagnostics('src/core/lib.rs', (found) => found.some(({ code, range }) => code === 'path-owned-by-other' && range.start.line === 77_777));

  const back = { start: { line: 77_777, character: 0 }, end: { line: 77_777, character: edits } };
  client.notify('textDocument/didChange', { textDocument: { uri, version: edits + 2 }, contentChanges: [{ range: back, text: '' }] });
  await client.diagnostics('src/core/lib.rs', (found) => found.every(({ range }) => range.start.line !== 77_777));
  await client.stop();
});

test('a branch switch that changes very many files is looked at whole, and leaves no old diagnostic', TIMEOUT, async (t) => {
  const count = soak ? 20_000 : 2_000;
  const project = new Project(t).board();
  const other = elsewhere(project);
  project.done(['claim', '--module', 'core', '--agent-id', other]);
  const names = Array.from({ length: count }, (_, n) => `src/core/d${n % 100}/f${n}.rs`);
  project.git('switch', '-q', '-c', 'many');
  for (const name of names) project.write(name, `// ${name}\n`);
  project.git('add', '--all');
  project.git('commit', '-q', '-m', 'Many');
  project.git('switch', '-q', 'main');

  const client = await openWindow(t, project);
  const shown = new Set();
  follow(client, (uri, diagnostics) => (diagnostics.length > 0 ? shown.add(uri) : shown.delete(uri)));
  const switchTo = (branch) => {
    project.git('switch', '-q', branch);
    for (let at = 0; at < names.length; at += 500) {
      const changes = names.slice(at, at + 500).map((name) => ({ uri: client.uri(name), type: branch === 'many' ? 1 : 3 }));
      client.notify('workspace/didChangeWatchedFiles', { changes });
    }
  };
  for (let round = 0; round < 2; round += 1) {
    const begun = performance.now();
    switchTo('many');
    await until('each file of the branch is said to be of somebody else', () => shown.size === count);
    t.diagnostic(`${count} files: told after ${Math.round(performance.now() - begun)} ms`);
    switchTo('main');
    await until('nothing is wrong any more', () => shown.size === 0);
  }
  t.diagnostic(`at most ${memoryMiB(client.process.pid)} MiB, ${cpuSeconds(client.process.pid)} s of processor`);
  assert.deepEqual((await board(client)).conflicts, []);
  await client.stop();
});

/** Shows each publication of diagnostics to `see`. */
function follow(client, see) {
  const next = () => client.told(({ method }) => method === 'textDocument/publishDiagnostics').then(({ params }) => {
    see(params.uri, params.diagnostics);
    next();
  });
  next();
}

/** Lets the window's process sleep until `meanwhile` has been done. */
async function asleep(client, meanwhile) {
  client.process.kill('SIGSTOP');
  await until('it is stopped', () => / T /.test(fs.readFileSync(`/proc/${client.process.pid}/stat`, 'utf8')));
  await meanwhile();
  client.process.kill('SIGCONT');
}

const leaseOf = (project, module) => project.done(['show', module]).module.lease;

test('a window that slept longer than its lease learns once what it lost, and goes on with the rest', TIMEOUT, async (t) => {
  const project = new Project(t).board();
  const client = await openWindow(t, project, { leaseSeconds: 2 });
  await until('it is registered', async () => (await board(client)).me);
  await done(client, 'claim', { module: 'core' });
  await done(client, 'claim', { module: 'docs' });
  const other = elsewhere(project);
  const losses = [];
  await asleep(client, async () => {
    await until('its lease ran out', () => leaseOf(project, 'core').expired);
    project.done(['claim', '--module', 'core', '--agent-id', other]);
  });
  losses.push((await client.told(({ method }) => method === 'remit/leaseLost')).params);
  assert.deepEqual(losses, [{ modules: ['core'] }]);
  await until('what nobody took is its own again', async () => {
    const mine = (await board(client)).modules.filter(({ group }) => group === 'mine').map(({ id }) => id);
    return mine.join() === 'docs' && !leaseOf(project, 'docs').expired;
  });
  // A lease that was lost gives no right any more.
  const { error } = await client.command('finish', { module: 'core' });
  assert.equal(error.kind, 'refused');

  client.told(({ method }) => method === 'remit/leaseLost').then(() => losses.push('again'));
  const { expires_at: before } = leaseOf(project, 'docs');
  await until('it has renewed since', () => leaseOf(project, 'docs').expires_at > before);
  await board(client);
  assert.equal(losses.length, 1);
  await client.stop();
});
