// The same lines edited in two places: seen by windows and by the command line, on the lines in question, until the cause is gone.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { LspClient } from '../bench/lib/lsp-client.mjs';
import { git } from '../editor/rig/repo.mjs';
import { Project, cpuSeconds } from './harness.mjs';

const FILE = 'src/core/lib.rs';
const BASE = 'pub fn one() -> u32 {\n    1\n}\n';
const OURS = BASE.replace('    1', '    10');
const THEIRS = BASE.replace('    1', '    100');
/** The rest of a sample. */
const SMALL = { 'README.md': '# Sample\n', 'docs/guide.md': 'Read me.\n', 'src/web/page.rs': '\n' };
const LINES = [{ start: 2, end: 2 }];
const CODE = 'concurrent-edit';

async function window(t, project, folder, options = {}) {
  const client = new LspClient(project.binary, folder, project.env());
  t.after(() => client.process.kill('SIGKILL'));
  await client.initialize({ threadKey: path.basename(folder), ...options });
  return client;
}

/** Opens the file as it is on the disk, and types. */
async function types(client, text, name = FILE) {
  client.open(name, fs.readFileSync(path.join(client.folder, name), 'utf8'));
  change(client, text, 2, name);
}

const change = (client, text, version, name = FILE) =>
  client.notify('textDocument/didChange', { textDocument: { uri: client.uri(name), version }, contentChanges: [{ text }] });

const collides = (diagnostics) => diagnostics.some(({ code }) => code === CODE);
const found = (client, name = FILE) => client.diagnostics(name, collides).then(({ params }) => params.diagnostics.filter(({ code }) => code === CODE));
// What was said before is no answer to what comes now.
const forget = (...clients) => clients.forEach((client) => client.forget());
const gone = (client, name = FILE) => client.diagnostics(name, (diagnostics) => !collides(diagnostics));

/** The rows of `conflicts` about edits of the same lines. */
function rows(project, cwd, args = []) {
  const { code, error, result } = project.json(['conflicts', ...args], { cwd });
  assert.equal(code, error ? 1 : 0);
  return (error?.details.conflicts ?? result.conflicts).filter((row) => row.code === CODE);
}

const other = (project) => {
  const there = project.worktree('agent', 'feature/x');
  return { there, file: path.join(there, FILE) };
};

test('what two worktrees saved on the same lines is a conflict for both, on the command line alone', { timeout: 60_000 }, (t) => {
  const project = new Project(t).board();
  const { there, file } = other(project);
  const agent = project.done(['init-agent', '--thread-key', 'other'], { cwd: there }).agent_id;
  project.write(FILE, OURS);
  assert.deepEqual(rows(project, project.root), []);
  fs.writeFileSync(file, BASE + '// apart\n'.repeat(5));
  assert.deepEqual(rows(project, project.root), [], 'what merges is none');
  fs.writeFileSync(file, THEIRS);
  const [row, ...more] = rows(project, project.root);
  assert.deepEqual(more, []);
  assert.deepEqual([row.path, row.ranges], [FILE, LINES]);
  assert.deepEqual([row.with.worktree, row.with.branch, row.with.agent_id], [there, 'feature/x', agent]);
  const { code, stderr } = project.run(['conflicts', FILE]);
  assert.equal(code, 1);
  assert.match(stderr, /^\s*src\/core\/lib\.rs:2: also edited in .*agent \(feature\/x\) by agent-/m);
  assert.equal(rows(project, there)[0].with.branch, 'main');

  git(there, 'commit', '-qam', 'Theirs');
  assert.deepEqual(rows(project, project.root)[0].ranges, LINES, 'committed is edited, too');
  fs.writeFileSync(file, BASE);
  assert.deepEqual(rows(project, project.root), []);
});

test('the guard stops a commit of lines that somebody else edits, unless they are the committer’s to edit', { timeout: 60_000 }, (t) => {
  const project = new Project(t).board();
  const { there, file } = other(project);
  project.done(['guard', 'install']);
  fs.writeFileSync(file, THEIRS);
  project.write(FILE, OURS);
  project.git('add', '-A');
  const hook = () => project.shell('"$REMIT" guard pre-commit');
  assert.equal(hook().code, 1);
  assert.match(hook().stderr, /lib\.rs:2: also edited in/);
  assert.equal(rows(project, project.root, ['--staged']).length, 1);
  // What is staged would be committed, whatever lies on the disk by now, and nothing else.
  project.write(FILE, BASE);
  assert.equal(hook().code, 1);
  assert.equal(rows(project, project.root, ['--staged']).length, 1);
  project.git('add', '-A');
  project.write(FILE, OURS);
  assert.equal(hook().code, 0);
  assert.deepEqual(rows(project, project.root, ['--staged']), []);
  project.git('add', '-A');
  const agent = project.agent('owner');
  project.done(['claim', '--module', 'core', '--agent-id', agent]);
  assert.equal(project.shell('"$REMIT" guard pre-commit', { env: { REMIT_AGENT_ID: agent } }).code, 0);
  assert.equal(fs.readFileSync(path.join(there, FILE), 'utf8'), THEIRS);
});

test('unsaved text in two worktrees collides as it is typed, and until one undoes it', { timeout: 60_000 }, async (t) => {
  const project = new Project(t).board();
  const { there } = other(project);
  const [here, elsewhere] = [await window(t, project, project.root), await window(t, project, there)];
  await types(elsewhere, THEIRS);
  await types(here, OURS);
  const [mine] = await found(here);
  assert.deepEqual([mine.range.start, mine.range.end], [{ line: 1, character: 4 }, { line: 1, character: 6 }]);
  assert.match(mine.message, /would not merge: .* in worktree feature\/x, not saved yet, just now\.$/);
  assert.equal(mine.relatedInformation[0].message, 'the other side’s lines');
  assert.equal(mine.relatedInformation[0].location.uri, elsewhere.uri(FILE));
  const hover = await here.request('textDocument/hover', { textDocument: { uri: here.uri(FILE) }, position: { line: 1, character: 5 } });
  assert.match(hover.contents.value, /```\n {4}100\n```/);
  assert.deepEqual((await found(elsewhere))[0].range.start.line, 1);
  const board = (await here.request('remit/board')).result;
  assert.deepEqual(board.conflicts.filter(({ code }) => code === CODE).map(({ path: at, ranges }) => [at, ranges]), [[FILE, LINES]]);
  assert.equal(git(project.root, 'status', '--porcelain', FILE) ?? '', '', 'nothing is written');

  forget(here, elsewhere);
  change(elsewhere, BASE, 3);
  await gone(here);
  await gone(elsewhere);
});

test('edits that git merges are a hint beside the own lines, and no conflict', { timeout: 60_000 }, async (t) => {
  const project = new Project(t).board();
  const { there, file } = other(project);
  const [here, elsewhere] = [await window(t, project, project.root), await window(t, project, there)];
  await types(here, OURS);
  fs.writeFileSync(file, `${BASE}\n// apart\n`);
  const [hint, ...more] = await found(here);
  assert.deepEqual(more, []);
  assert.equal(hint.severity, 4);
  assert.match(hint.message, /^This file is edited elsewhere too, and git merges both: .* in worktree feature\/x, not committed yet, /);
  assert.deepEqual(hint.range.start, { line: 1, character: 4 });
  const conflicts = async (client) => (await client.request('remit/board')).result.conflicts.filter(({ code }) => code === CODE);
  assert.deepEqual(await conflicts(here), []);
  assert.deepEqual(rows(project, there), []);

  // What is unsaved there collides, though what is saved merges: then only that is told.
  await types(elsewhere, THEIRS);
  const collide = (diagnostics) => diagnostics.some(({ code, severity }) => code === CODE && severity < 4);
  const { params } = await here.diagnostics(FILE, collide);
  assert.equal(params.diagnostics.filter(({ code }) => code === CODE).length, 1);
  assert.equal((await conflicts(here)).length, 1);

  forget(here);
  change(here, BASE, 3);
  await gone(here);
});

test('two windows on one worktree collide in what neither has saved', { timeout: 60_000 }, async (t) => {
  const project = new Project(t).board();
  const [one, two] = [await window(t, project, project.root), await window(t, project, project.root, { threadKey: 'two' })];
  await types(one, OURS);
  await types(two, THEIRS);
  assert.match((await found(two))[0].message, /another window on this worktree/);
  await found(one);
  forget(one);
  change(two, BASE, 3);
  await gone(one);
});

test('what somebody saves under the unsaved text of a window collides with it, until it is saved or taken back', { timeout: 60_000 }, async (t) => {
  const project = new Project(t).board();
  const { there } = other(project);
  const owner = project.done(['init-agent', '--thread-key', 'other'], { cwd: there }).agent_id;
  project.done(['claim', '--module', 'core', '--agent-id', owner]);
  const here = await window(t, project, project.root);
  await types(here, OURS);
  // That it is said to be somebody's means that it was compared with the disk: by then the window has read it.
  await here.diagnostics(FILE, (diagnostics) => diagnostics.some(({ code }) => code === 'path-owned-by-other'));
  project.write(FILE, `// above\n${THEIRS}`);
  const [mine, ...more] = await found(here);
  assert.deepEqual(more, []);
  assert.match(mine.message, /^These lines were changed on disk under your unsaved text, and would not merge: the file on disk, just now\.$/);
  assert.deepEqual(mine.range.start, { line: 1, character: 4 });
  const hover = await here.request('textDocument/hover', { textDocument: { uri: here.uri(FILE) }, position: { line: 1, character: 5 } });
  assert.match(hover.contents.value, /the file on disk.*```\n {4}100\n```/s);
  const [row] = (await here.request('remit/board')).result.conflicts.filter(({ code }) => code === CODE);
  assert.deepEqual([row.path, row.ranges, row.with.worktree], [FILE, LINES, project.root]);

  forget(here);
  project.write(FILE, OURS);
  here.notify('textDocument/didSave', { textDocument: { uri: here.uri(FILE) } });
  await gone(here);

  // What is saved is what the next text is made of; a window that saved the other one is named.
  const two = await window(t, project, project.root, { threadKey: 'two' });
  change(here, OURS.replace('10', '11'), 3);
  two.open(FILE, OURS);
  change(two, THEIRS, 2);
  await found(here);
  project.write(FILE, THEIRS);
  two.notify('textDocument/didSave', { textDocument: { uri: two.uri(FILE) } });
  const named = (diagnostics) => diagnostics.some(({ message }) => /the file on disk, as .*two.* saved it/.test(message));
  await here.diagnostics(FILE, named);
  forget(here);
  change(here, THEIRS, 4);
  await gone(here);
});

test('what somebody saves under text that a window restored unsaved collides with it too', { timeout: 60_000 }, async (t) => {
  const project = new Project(t).board();
  const { there } = other(project);
  const owner = project.done(['init-agent', '--thread-key', 'other'], { cwd: there }).agent_id;
  project.done(['claim', '--module', 'core', '--agent-id', owner]);
  const here = await window(t, project, project.root);
  here.open(FILE, OURS);
  const { params: compared } = await here.diagnostics(FILE, (diagnostics) => diagnostics.some(({ code }) => code === 'path-owned-by-other'));
  assert.ok(!compared.diagnostics.some(({ code }) => code === CODE), 'nobody changed the file yet');
  project.write(FILE, THEIRS);
  const [mine] = await found(here);
  assert.match(mine.message, /changed on disk under your unsaved text/);
  forget(here);
  change(here, THEIRS, 2);
  await gone(here);
});

test('an agent that only edits files is seen by an open window, and a dead window is seen no more', { timeout: 60_000 }, async (t) => {
  const project = new Project(t).board();
  const { there, file } = other(project);
  const here = await window(t, project, project.root);
  await types(here, OURS);
  fs.writeFileSync(file, THEIRS);
  const [mine] = await found(here);
  assert.match(mine.message, /would not merge: .*worktree feature\/x, not committed yet/);
  forget(here);
  fs.writeFileSync(file, BASE);
  await gone(here);

  const elsewhere = await window(t, project, there);
  await types(elsewhere, THEIRS);
  await found(here);
  forget(here);
  elsewhere.process.kill('SIGKILL');
  await gone(here);
});

test('what a window keeps to itself stays with it', { timeout: 60_000 }, async (t) => {
  const project = new Project(t).board();
  const { there } = other(project);
  project.write('.gitignore', 'secret.txt\n');
  project.write('secret.txt', 'nothing\n');
  const said = () => {
    const folder = project.plan();
    const files = fs.readdirSync(folder).filter((name) => name.startsWith('presence.db'));
    return files.map((name) => fs.readFileSync(path.join(folder, name), 'latin1')).join('\n');
  };
  const here = await window(t, project, project.root);
  await types(here, OURS);
  const elsewhere = await window(t, project, there, { presence: 'ranges' });
  await types(elsewhere, THEIRS.replace('100', 'hidden'));
  const [mine] = await found(here);
  assert.equal(mine.range.start.line, 1);
  const hover = await here.request('textDocument/hover', { textDocument: { uri: here.uri(FILE) }, position: { line: 1, character: 5 } });
  assert.match(hover.contents.value, /not shared/);
  assert.ok(!said().includes('hidden'));

  here.open('secret.txt', 'nothing\n');
  change(here, 'a secret word\n', 2, 'secret.txt');
  change(here, OURS.replace('10', '11'), 3);
  await elsewhere.diagnostics(FILE, collides);
  assert.ok(!said().includes('secret'), 'ignored files are nobody’s business');

  forget(here);
  elsewhere.notify('workspace/didChangeConfiguration', { settings: { remit: { presence: 'off' } } });
  await gone(here);
});

test('in a file of 100,000 lines the collisions are those of the lines, however fast one types and the other side commits', { timeout: 180_000 }, async (t) => {
  const lines = Array.from({ length: 100_000 }, (_, n) => `let line_${n} = ${n};`);
  const text = `${lines.join('\n')}\n`;
  const theirs = (what) => `${lines.map((line, n) => (n % 500 === 0 ? `${line} // ${what}` : line)).join('\n')}\n`;
  const project = new Project(t, { files: { ...SMALL, [FILE]: text } }).board();
  const { there, file } = other(project);
  fs.writeFileSync(file, theirs('saved'));
  const here = await window(t, project, project.root);
  here.open(FILE, text);
  let version = 1;
  const key = (line) => {
    const range = { start: { line, character: 0 }, end: { line, character: 0 } };
    here.notify('textDocument/didChange', { textDocument: { uri: here.uri(FILE), version: (version += 1) }, contentChanges: [{ range, text: 'x' }] });
  };
  const stand = (...wanted) => here.diagnostics(FILE, (diagnostics) => {
    const at = diagnostics.filter(({ code, severity }) => code === CODE && severity < 4).map(({ range }) => range.start.line);
    return at.sort((a, b) => a - b).join() === wanted.join();
  });

  const took = [];
  const collided = [];
  for (let line = 0; line <= 2_000; line += 500) {
    const begun = performance.now();
    key(line);
    collided.push(line);
    const { at } = await stand(...collided);
    took.push(Math.round(at - begun));
  }
  const begun = performance.now();
  for (let round = 0; round < 3; round += 1) {
    for (let n = 0; n < 100; n += 1) key(77_777);
    key(50_000 + 500 * round);
    collided.push(50_000 + 500 * round);
    fs.writeFileSync(file, theirs(`round ${round}`));
    git(there, 'commit', '-qam', `Round ${round}`);
    assert.ok((await here.request('remit/board')).ok, 'it answers in the middle of it');
  }
  const { at } = await stand(...collided);
  t.diagnostic(`a key was answered after ${took.join(', ')} ms; 300 keys and 3 commits after ${Math.round(at - begun)} ms, with ${cpuSeconds(here.process.pid)} s of processor`);
  await here.stop();
});

test('very many files that both sides changed are read together', { timeout: 180_000 }, (t) => {
  const names = Array.from({ length: 600 }, (_, n) => `src/core/d${n % 20}/f${n}.rs`);
  const project = new Project(t, { files: { ...SMALL, ...Object.fromEntries(names.map((name) => [name, `${name}\n${BASE}`])) } }).board();
  const { there } = other(project);
  for (const name of names) {
    fs.writeFileSync(path.join(there, name), `${name}\n${THEIRS}`);
    project.write(name, `${name}\n${OURS}`);
  }
  project.git('add', '-A');
  const took = [];
  const all = (...args) => {
    const begun = performance.now();
    const found = rows(project, project.root, args);
    took.push(Math.round(performance.now() - begun));
    assert.deepEqual(found.map(({ path: name }) => name), [...names].sort());
    assert.ok(found.every(({ ranges }) => ranges.length === 1 && ranges[0].start === 3));
  };
  all();
  git(there, 'commit', '-qam', 'Theirs');
  all();
  all('--staged');
  t.diagnostic(`${names.length} files: saved, committed and staged after ${took.join(', ')} ms`);
});
