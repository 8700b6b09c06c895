// Where a board can't be, or not quite: each has a clear answer, and what was there is there afterwards.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { commitAll, git } from '../editor/rig/repo.mjs';
import { Project, askSqlite } from './harness.mjs';

/** Every file below a folder, with what stands in it and when it was written. */
function everything(folder) {
  const names = fs.readdirSync(folder, { recursive: true }).sort();
  return names.map((name) => {
    const file = path.join(folder, name);
    const { mtimeMs, ino, mode } = fs.lstatSync(file);
    return [name, mode, mtimeMs, ino, fs.lstatSync(file).isFile() ? fs.readFileSync(file).toString('base64') : ''].join(' ');
  });
}

/** `remit` fails as `unavailable` and leaves the whole folder as it was. */
function leavesAlone(project, folder, calls) {
  const before = everything(folder);
  for (const args of calls) {
    const { code, error } = project.json(args);
    assert.equal(code, 4, `${args.join(' ')}: ${JSON.stringify(error)}`);
    assert.ok(error.message.length > 10 && error.hint, JSON.stringify(error));
  }
  assert.deepEqual(everything(folder), before);
}

test('a project-plan that is a file stays one', (t) => {
  const project = new Project(t);
  project.write('project-plan', 'my own plan\n');
  leavesAlone(project, project.root, [['bootstrap'], ['state'], ['add-module', 'm']]);
});

test('a project-plan that leads elsewhere makes no board there', (t) => {
  const project = new Project(t);
  const elsewhere = path.join(project.scratch, 'elsewhere');
  fs.mkdirSync(elsewhere);
  fs.symlinkSync(elsewhere, project.plan());
  assert.match(project.refused('read-only', ['bootstrap']).message, /symbolic link/);
  project.refused('no-board', ['add-module', 'm']);
  assert.deepEqual(fs.readdirSync(elsewhere), []);
});

test('a coordination.db that is a folder is left as it is', (t) => {
  const project = new Project(t);
  fs.mkdirSync(project.plan('coordination.db'), { recursive: true });
  leavesAlone(project, project.plan('coordination.db'), [['state'], ['add-module', 'm'], ['bootstrap']]);
});

test('a coordination.db that leads to another board is that board, with its log', (t) => {
  const board = new Project(t).board();
  const project = new Project(t);
  fs.mkdirSync(project.plan());
  fs.symlinkSync(board.plan('coordination.db'), project.plan('coordination.db'));
  project.done(['add-module', 'through-the-link']);
  board.done(['add-module', 'beside-it']);
  assert.equal(project.done(['modules']).modules.length, 5);
  assert.deepEqual(project.done(['modules']).modules, board.done(['modules']).modules);
  assert.deepEqual(askSqlite(board, 'PRAGMA integrity_check'), [['ok']]);
});

test('an empty coordination.db is a board that nobody finished making', (t) => {
  const project = new Project(t);
  fs.mkdirSync(project.plan());
  fs.writeFileSync(project.plan('coordination.db'), '');
  leavesAlone(project, project.plan(), [['state'], ['add-module', 'm']]);
  project.board();
  assert.equal(project.done(['modules']).modules.length, 3);
});

test('a current folder that was removed is said to be gone', (t) => {
  const project = new Project(t).board();
  const { code, stdout } = project.shell('mkdir gone && cd gone && rmdir ../gone && "$REMIT" --json state');
  assert.deepEqual([code, JSON.parse(stdout).error.kind], [2, 'invalid']);
});

test('without git on the PATH what needs no git goes on, and the rest says what to install', (t) => {
  const project = new Project(t).board();
  const env = { PATH: '/nonexistent' };
  project.done(['init-agent', '--thread-key', 'alice'], { env });
  project.done(['claim', '--module', 'core'], { env });
  assert.equal(project.done(['who-owns', 'src/core'], { env }).paths[0].owners.length, 1);
  const { code, error } = project.json(['conflicts'], { env });
  assert.notEqual(code, 0);
  assert.match(`${error.message} ${error.hint}`, /install git/);
});

test('a broken .git is said to be broken', (t) => {
  const project = new Project(t, { repository: false });
  project.write('.git', 'gitdir: /nowhere/at/all\n');
  const { code, error } = project.json(['bootstrap']);
  assert.notEqual(code, 0);
  assert.match(error.message, /\.git/);
  assert.deepEqual(fs.readdirSync(project.root), ['.git']);
});

test('a worktree whose folder was removed and made again by git meets on the same board', (t) => {
  const project = new Project(t).board();
  const linked = project.worktree('linked');
  project.done(['init-agent', '--thread-key', 'linked'], { cwd: linked });
  fs.rmSync(linked, { recursive: true });
  project.git('worktree', 'prune');
  assert.equal(project.done(['sessions']).sessions.length, 1);
  git(project.root, 'worktree', 'add', '--quiet', linked, 'linked');
  assert.equal(project.done(['claim', '--module', 'core'], { cwd: linked }).module.status, 'in-progress');
});

test('nothing that only looks touches the repository, its git directory included', (t) => {
  const project = new Project(t).board();
  project.agent('alice');
  project.done(['claim', '--module', 'core']);
  project.write('src/core/new.rs', 'new\n');
  // A file that only looks changed is where git likes to write its index anew.
  fs.utimesSync(project.at('README.md'), new Date(), new Date());
  const content = () => everything(project.root).filter((line) => !/^project-plan\/coordination\.db-shm /.test(line));
  const before = content();
  for (const query of [['state'], ['summary'], ['conflicts'], ['conflicts', '--staged'], ['findings'], ['board'], ['infer-paths', '--module', 'core'], ['who-owns', 'src']]) {
    project.done(query);
  }
  assert.deepEqual(content(), before);
  assert.ok(!fs.existsSync(path.join(project.home, 'state')), 'nor the home');
});

test('a hook that asks for conflicts sees the commit that runs, and stops it', (t) => {
  const project = new Project(t).board();
  project.done(['claim', '--module', 'core', '--agent-id', project.agent('alice')]);
  const linked = project.worktree('linked');
  fs.writeFileSync(project.at('.git/hooks/pre-commit'), '#!/bin/sh\nexec "$REMIT" conflicts --staged\n', { mode: 0o755 });
  const commit = (...args) => project.shell(`git commit --quiet -m x ${args.join(' ')}`, { cwd: linked });
  const head = () => git(linked, 'rev-parse', 'HEAD');
  const before = head();
  fs.appendFileSync(path.join(linked, 'README.md'), 'fine\n');
  fs.appendFileSync(path.join(linked, 'src/core/lib.rs'), '// not mine\n');
  const stopped = commit('-a');
  assert.equal(head(), before);
  assert.match(stopped.stderr, /src\/core\/lib\.rs: core of agent-/);
  assert.equal(commit('src/core/lib.rs').code, 1);
  assert.equal(commit('README.md').code, 0, 'what is not staged stops nobody');
  assert.notEqual(head(), before);
});

test('a full disk refuses a command and loses nothing', { skip: process.getuid?.() !== 0 && 'mounting a small disk needs root' }, (t) => {
  const project = new Project(t, { repository: false });
  const disk = path.join(project.scratch, 'disk');
  fs.mkdirSync(disk);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]).status !== 0) return t.skip('mounting is not allowed here');
  try {
    fillsAndGoesOn(project, disk);
  } finally {
    spawnSync('umount', ['-l', disk]);
  }
});

function fillsAndGoesOn(project, disk) {
  project.root = path.join(disk, 'repo');
  fs.mkdirSync(project.root);
  project.board();
  fillUp(path.join(disk, 'filler'));
  const kept = [];
  let refused;
  for (let n = 0; n < 2000 && !refused; n += 1) {
    const { ok, error } = project.json(['add-module', `m${n}`, '--description', 'd'.repeat(2000)]);
    if (ok) kept.push(`m${n}`);
    else refused = error;
  }
  assert.deepEqual([refused.kind, refused.code], ['unavailable', 'disk-full'], JSON.stringify(refused));
  assert.match(refused.message, /nothing was changed/);
  const ids = () => project.done(['modules']).modules.map(({ id }) => id).filter((id) => id.startsWith('m')).sort();
  assert.deepEqual(ids(), kept.sort(), 'everything that was answered is there, and nothing else');
  fs.rmSync(path.join(disk, 'filler'));
  project.done(['add-module', 'later']);
  assert.deepEqual(askSqlite(project, 'PRAGMA integrity_check'), [['ok']]);
}

/** Takes all but a little of a disk. */
function fillUp(file) {
  const descriptor = fs.openSync(file, 'w');
  try {
    for (;;) fs.writeSync(descriptor, Buffer.alloc(4096));
  } catch (error) {
    assert.equal(error.code, 'ENOSPC');
  }
  const { size } = fs.fstatSync(descriptor);
  fs.ftruncateSync(descriptor, Math.max(0, size - 128 * 1024));
  fs.closeSync(descriptor);
}

test('a commit made while a board is shared carries no secret', (t) => {
  const project = new Project(t).board();
  project.done(['bootstrap', '--share']);
  project.agent('alice');
  const { lease } = project.done(['claim', '--module', 'core']);
  project.done(['handoff-bundle', '--module', 'core']);
  commitAll(project.root, 'Share the board');
  const names = project.git('ls-files', 'project-plan').trim().split('\n');
  assert.deepEqual(names.filter((name) => !/\.md$|\.gitignore$/.test(name)), []);
  assert.throws(() => project.git('grep', '--fixed-strings', lease.token, 'HEAD'));
});
