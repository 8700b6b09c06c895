// git and a coding agent's hooks, as they run: what the guard stops, what it lets pass, and that it leaves nothing behind.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { writeFiles } from '../editor/rig/repo.mjs';
import { Project } from './harness.mjs';

/** A board on which `ann`, in a worktree of her own, holds core (src/core). `ben` works in the main one. */
function guarded(t, { install = [] } = {}) {
  const project = new Project(t).board();
  project.ann = project.worktree('ann');
  project.annId = project.done(['init-agent', '--thread-key', 'ann'], { cwd: project.ann }).agent_id;
  project.benId = project.agent('ben');
  project.done(['claim', '--module', 'core'], { cwd: project.ann });
  if (install) project.done(['guard', 'install', ...install]);
  return project;
}

/** Runs git as a person would, hooks and all. */
function git(project, cwd, ...args) {
  const { status, stdout, stderr } = spawnSync('git', ['-C', cwd, ...args], { env: project.env({ GIT_EDITOR: 'true' }), encoding: 'utf8' });
  return { code: status, text: stdout + stderr };
}

function commit(project, cwd, files, ...more) {
  writeFiles(cwd, files);
  git(project, cwd, 'add', '--all');
  return git(project, cwd, 'commit', '-m', 'Change', ...more);
}

const hook = (project, name = 'pre-commit') => project.at('.git', 'hooks', name);
const writeHook = (file, text, mode = 0o755) => {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text, { mode });
  fs.chmodSync(file, mode);
};

/** Whole pages may stand in the log alone: without it, what is left is no database. */
function spoil(project) {
  for (const name of ['coordination.db-wal', 'coordination.db-shm']) fs.rmSync(project.plan(name), { force: true });
  fs.writeFileSync(project.plan('coordination.db'), 'no database any more, and long enough to be taken for one. '.repeat(20));
}

/** Everything in a folder of hooks: names, text, rights, and where links lead. */
function picture(folder) {
  return fs.readdirSync(folder).sort().map((name) => {
    const file = path.join(folder, name);
    const { mode } = fs.lstatSync(file);
    return [name, mode, fs.lstatSync(file).isSymbolicLink() ? fs.readlinkSync(file) : fs.readFileSync(file, 'utf8')];
  });
}

test('a commit of what somebody else owns is stopped, whoever wrote it', (t) => {
  const project = guarded(t);
  const stopped = commit(project, project.root, { 'src/core/lib.rs': '// ben\n' });
  assert.equal(stopped.code, 1, stopped.text);
  assert.match(stopped.text, /error: this commit changes what others own\n {2}src\/core\/lib\.rs: core of agent-/);
  assert.match(stopped.text, /hint: .*--no-verify/);
  assert.equal(git(project, project.root, 'commit', '--no-verify', '-m', 'Past it').code, 0);
  assert.equal(commit(project, project.root, { 'src/web/page.rs': '// ben\n', 'docs/new.md': 'New\n' }).code, 0);
});

test('a linked worktree shares the hooks and is judged by itself', (t) => {
  const project = guarded(t);
  assert.equal(commit(project, project.ann, { 'src/core/lib.rs': '// ann\n' }).code, 0, 'the owner commits');
  project.done(['claim', '--module', 'docs']);
  const stopped = commit(project, project.ann, { 'docs/guide.md': 'Mine.\n' });
  assert.equal(stopped.code, 1, stopped.text);
  assert.match(stopped.text, /docs\/guide\.md: docs of/);
});

test('what git itself commits is judged: -a, a path, and not what stays behind', (t) => {
  const project = guarded(t);
  project.write('src/core/lib.rs', '// ben\n');
  project.write('README.md', 'Changed\n');
  assert.equal(git(project, project.root, 'commit', '-m', 'One', 'README.md').code, 0, 'only the named path is in it');
  assert.equal(git(project, project.root, 'commit', '-a', '-m', 'All').code, 1);
  assert.equal(git(project, project.root, 'commit', '-m', 'One', 'src/core/lib.rs').code, 1);
});

test('a merge is judged by what differs from all its parents', (t) => {
  const project = guarded(t, { install: null });
  commit(project, project.ann, { 'src/core/lib.rs': '// ann\n', 'README.md': 'Ann\n' });
  commit(project, project.root, { 'README.md': 'Ben\n' });
  project.done(['guard', 'install']);
  assert.equal(git(project, project.root, 'merge', 'ann').code, 1, 'README.md conflicts');
  project.write('README.md', 'Both\n');
  git(project, project.root, 'add', 'README.md');
  const merged = git(project, project.root, 'commit', '--no-edit');
  assert.equal(merged.code, 0, `ann's change of src/core came with the merge: ${merged.text}`);

  commit(project, project.ann, { 'src/core/util.rs': '// ann\n' });
  commit(project, project.root, { 'src/core/util.rs': '// ben\n' }, '--no-verify');
  git(project, project.root, 'merge', 'ann');
  project.write('src/core/util.rs', '// both\n');
  git(project, project.root, 'add', '--all');
  assert.match(git(project, project.root, 'commit', '--no-edit').text, /src\/core\/util\.rs: core of/);
});

test('several agents in one worktree: a commit is let pass when it may be the owner’s', (t) => {
  const project = guarded(t, { install: null });
  const project2 = ['init-agent', '--thread-key', 'cay'];
  const cay = project.done(project2).agent_id;
  project.done(['guard', 'install']);
  project.done(['claim', '--module', 'docs', '--agent-id', cay]);
  assert.equal(commit(project, project.root, { 'docs/guide.md': 'Cay or Ben\n' }).code, 0);
  assert.equal(commit(project, project.root, { 'src/core/lib.rs': '// neither\n' }).code, 1);
  git(project, project.root, 'reset', '--hard', '--quiet');
  writeFiles(project.root, { 'docs/guide.md': 'Ben\n' });
  git(project, project.root, 'add', '--all');
  const asBen = spawnSync('git', ['commit', '-m', 'x'], { cwd: project.root, env: project.env({ REMIT_AGENT_ID: project.benId }), encoding: 'utf8' });
  assert.equal(asBen.status, 1, asBen.stderr);
});

test('with --warn a commit is only warned about', (t) => {
  const project = guarded(t, { install: ['--warn'] });
  const { code, text } = commit(project, project.root, { 'src/core/lib.rs': '// ben\n' });
  assert.equal(code, 0);
  assert.match(text, /warning: this commit changes what others own\n {2}src\/core\/lib\.rs/);
  project.done(['guard', 'install']);
  assert.equal(commit(project, project.root, { 'src/core/lib.rs': '// ben again\n' }).code, 1, 'installing again changes the mode');
});

test('a push warns of what it brings, once, and goes on', (t) => {
  const project = guarded(t);
  const remote = path.join(project.scratch, 'remote.git');
  git(project, project.root, 'init', '--quiet', '--bare', remote);
  git(project, project.root, 'remote', 'add', 'origin', remote);
  const push = (...args) => git(project, project.root, 'push', 'origin', ...args);
  assert.doesNotMatch(push('ann').text, /error/);
  commit(project, project.root, { 'src/core/lib.rs': '// ben\n' }, '--no-verify');
  const first = push('main');
  assert.equal(first.code, 0);
  assert.match(first.text, /warning: this push brings changes of what others own\n {2}src\/core\/lib\.rs: core of/);
  commit(project, project.root, { 'README.md': 'More\n' });
  assert.doesNotMatch(push('main').text, /warning/, 'what the remote has is not pushed again');
  assert.doesNotMatch(push('--delete', 'ann').text, /warning/);
});

test('hooks that were there go on working, with their name, arguments and input, and are left as they were', (t) => {
  const project = guarded(t, { install: null });
  const folder = project.at('.git', 'hooks');
  fs.rmSync(folder, { recursive: true });
  const log = path.join(project.scratch, 'log');
  writeHook(hook(project), `#!/bin/sh -eu\necho "$(basename "$0") ran" >> '${log}'\n`);
  writeHook(hook(project, 'pre-push'), `#!/usr/bin/env bash\necho "$1: $(cat)" >> '${log}'`, 0o700);
  writeHook(hook(project, 'commit-msg'), '#!/bin/sh\n');
  const before = picture(folder);
  project.done(['guard', 'install']);
  project.done(['guard', 'install']);
  assert.equal(commit(project, project.root, { 'README.md': 'One\n' }).code, 0);
  assert.equal(commit(project, project.root, { 'src/core/lib.rs': '// ben\n' }).code, 1);
  const remote = path.join(project.scratch, 'remote.git');
  git(project, project.root, 'init', '--quiet', '--bare', remote);
  git(project, project.root, 'remote', 'add', 'origin', remote);
  assert.equal(git(project, project.root, 'push', 'origin', 'main').code, 0);
  assert.match(fs.readFileSync(log, 'utf8'), /^pre-commit ran\norigin: refs\/heads\/main [0-9a-f]{40} refs\/heads\/main 0{40}\n$/);
  project.done(['guard', 'uninstall']);
  assert.deepEqual(picture(folder), before);
  assert.equal(commit(project, project.root, { 'src/core/lib.rs': '// ben\n' }).code, 0);
});

test('programs, links and switched-off scripts are moved aside, run, and put back', (t) => {
  const project = guarded(t, { install: null });
  const folder = project.at('.git', 'hooks');
  fs.rmSync(folder, { recursive: true });
  const log = path.join(project.scratch, 'log');
  writeHook(path.join(project.scratch, 'theirs.py'), `#!/usr/bin/env python3\nopen(${JSON.stringify(log)}, 'a').write('python ran\\n')\n`);
  fs.mkdirSync(folder);
  fs.symlinkSync(path.join(project.scratch, 'theirs.py'), hook(project));
  writeHook(hook(project, 'pre-push'), '#!/bin/sh\nexit 1\n', 0o644);
  const before = picture(folder);
  project.done(['guard', 'install']);
  assert.equal(commit(project, project.root, { 'README.md': 'One\n' }).code, 0);
  assert.equal(fs.readFileSync(log, 'utf8'), 'python ran\n');
  assert.equal(commit(project, project.root, { 'src/core/lib.rs': '// ben\n' }).code, 1);
  project.done(['guard', 'uninstall']);
  assert.deepEqual(picture(folder), before);
});

test('a hook that says no still says no', (t) => {
  const project = guarded(t, { install: null });
  writeHook(hook(project), '#!/bin/sh\necho no; exit 3\n');
  project.done(['guard', 'install']);
  assert.equal(commit(project, project.root, { 'README.md': 'One\n' }).code, 1, 'git gives its own code');
  project.done(['guard', 'uninstall']);
});

test('core.hooksPath is honoured, relative and in the work tree', (t) => {
  const project = guarded(t, { install: null });
  project.git('config', 'core.hooksPath', 'tools/hooks');
  writeHook(project.at('tools/hooks/pre-commit'), '#!/bin/sh\ntrue\n');
  project.git('add', '--all');
  project.git('commit', '--quiet', '-m', 'Hooks');
  const before = picture(project.at('tools/hooks'));
  const { folder, hooks } = project.done(['guard', 'install']);
  assert.equal(folder, project.at('tools/hooks'));
  assert.match(hooks[0].note, /git tracks this file/);
  assert.equal(commit(project, project.root, { 'src/core/lib.rs': '// ben\n' }).code, 1);
  project.done(['guard', 'uninstall']);
  assert.deepEqual(picture(project.at('tools/hooks')), before);
});

test('without its binary, and on its own troubles, the hook lets everything pass', (t) => {
  const project = guarded(t, { install: null });
  const copy = path.join(project.scratch, 'it’s remit');
  fs.copyFileSync(process.env.REMIT_BIN ?? path.resolve(import.meta.dirname, '../../target/debug/remit'), copy);
  assert.equal(spawnSync(copy, ['guard', 'install'], { cwd: project.root, env: project.env() }).status, 0);
  assert.equal(commit(project, project.root, { 'src/core/lib.rs': '// 1\n' }).code, 1, 'a path with a quote and a blank works');
  const broken = spawnSync('git', ['commit', '-m', 'x'], { cwd: project.root, env: project.env({ REMIT_AGENT_ID: 'not an id' }), encoding: 'utf8' });
  assert.equal(broken.status, 0, broken.stderr);
  assert.match(broken.stderr, /warning: the guard let this pass/);
  fs.rmSync(copy);
  assert.equal(commit(project, project.root, { 'src/core/lib.rs': '// 2\n' }).code, 0);
  writeHook(copy, '#!/bin/sh\nexit 70\n');
  assert.equal(commit(project, project.root, { 'src/core/lib.rs': '// 3\n' }).code, 0);
  spoil(project);
  project.done(['guard', 'install']);
  assert.equal(commit(project, project.root, { 'src/core/lib.rs': '// 4\n' }).code, 0);
});

test('outside git there are no hooks', (t) => {
  const project = new Project(t, { repository: false });
  assert.match(project.refused('invalid', ['guard', 'install']).message, /no worktree of a git repository.*nothing was changed/);
});

/** A coding agent's question before it uses a tool: the exit code, and what it is told. */
function ask(project, input, { args = [], ...options } = {}) {
  const text = typeof input === 'string' ? input : JSON.stringify({ hook_event_name: 'PreToolUse', session_id: 's', cwd: project.root, ...input });
  const { code, stdout, stderr } = project.run(['guard', 'check', ...args], { input: text, ...options });
  assert.equal(stdout, '');
  return { code, stderr };
}

test('a coding agent is stopped before it writes what somebody else owns', (t) => {
  const project = guarded(t, { install: null });
  const { code, stderr } = ask(project, { tool_name: 'Write', tool_input: { file_path: project.at('src/core/lib.rs'), content: 'x' } });
  assert.equal(code, 2);
  assert.match(stderr, /error: this file is somebody else's\n {2}src\/core\/lib\.rs: core of agent-[0-9a-f]{8}/);
  assert.match(stderr, /hint: .*who-owns/);
  for (const [tool_name, tool_input, expected] of [
    ['Edit', { file_path: 'src/core/lib.rs' }, 2],
    ['MultiEdit', { file_path: project.at('src/core/new/file.rs'), edits: [{}] }, 2],
    ['NotebookEdit', { notebook_path: 'src/core/a.ipynb' }, 2],
    ['MultiEdit', { edits: [{ file_path: 'README.md' }, { file_path: 'src/core/lib.rs' }] }, 2],
    ['Edit', { file_path: path.join(project.ann, 'src/core/lib.rs') }, 2],
    ['Edit', { file_path: 'src/web/page.rs' }, 0],
    ['Read', { file_path: 'src/core/lib.rs' }, 0],
    ['Edit', { file_path: '/etc/passwd' }, 0],
    ['Edit', { file_path: '../elsewhere' }, 0],
  ]) {
    assert.equal(ask(project, { tool_name, tool_input }).code, expected, `${tool_name} ${JSON.stringify(tool_input)}`);
  }
  const edit = { tool_name: 'Edit', tool_input: { file_path: 'src/core/lib.rs' } };
  assert.equal(ask(project, { ...edit, cwd: project.ann }).code, 0, 'the owner, in her own worktree');
  assert.equal(ask(project, edit, { env: { REMIT_AGENT_ID: project.annId } }).code, 0, 'the owner, by name');
  assert.equal(ask(project, edit, { cwd: project.scratch }).code, 2, 'the folder is the hook’s, not the process’s');
  assert.equal(ask(project, { ...edit, cwd: project.at('src', 'core'), tool_input: { file_path: 'lib.rs' } }).code, 2);
  const warned = ask(project, edit, { args: ['--warn'] });
  assert.equal(warned.code, 0);
  assert.match(warned.stderr, /^warning: /);
});

test('what the guard can’t judge, it lets pass', (t) => {
  const project = guarded(t, { install: null });
  const edit = { tool_name: 'Edit', tool_input: { file_path: 'src/core/lib.rs' } };
  for (const input of ['', '{', 'null', '[1]', '\u0000', { tool_name: 'Edit' }, { tool_name: 7, tool_input: {} }, { ...edit, cwd: '/nowhere' }, { ...edit, cwd: 3, tool_input: [] }]) {
    assert.equal(ask(project, input).code, 0, JSON.stringify(input));
  }
  assert.equal(ask(project, edit, { env: { REMIT_AGENT_ID: '' } }).code, 0, 'an environment that makes no sense');
  const elsewhere = path.join(project.scratch, 'elsewhere');
  fs.mkdirSync(elsewhere);
  assert.equal(ask(project, { ...edit, cwd: elsewhere }).code, 0, 'no board');
  spoil(project);
  assert.equal(ask(project, edit).code, 0, 'a broken board');
});

test('the guard makes no board and writes nothing', (t) => {
  const project = new Project(t);
  assert.equal(ask(project, { tool_name: 'Edit', tool_input: { file_path: 'src/core/lib.rs' } }).code, 0);
  project.done(['guard', 'install']);
  assert.equal(commit(project, project.root, { 'README.md': 'x\n' }).code, 0);
  assert.ok(!fs.existsSync(project.plan()));
});
