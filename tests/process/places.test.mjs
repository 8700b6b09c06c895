import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { commitAll, git } from '../editor/rig/repo.mjs';
import { Project } from './harness.mjs';

const boardAt = (project, cwd, ...args) => project.done([...args, 'bootstrap'], { cwd }).board;

test('every folder and worktree of a repository meets on one board', (t) => {
  const project = new Project(t);
  const linked = project.worktree('linked');
  const nested = path.join(project.root, 'nested');
  git(project.root, 'worktree', 'add', '--quiet', '-b', 'nested', nested);
  for (const folder of [project.at('src/core'), linked, nested, project.root]) assert.equal(boardAt(project, folder), project.plan());
  project.done(['add-module', 'all', '--owned-path', '*'], { cwd: linked });
  assert.equal(project.done(['modules'], { cwd: project.at('docs') }).modules.length, 1);
  const outside = path.join(project.scratch, 'outside');
  fs.mkdirSync(outside);
  assert.equal(project.done(['--project-root', project.root, 'modules'], { cwd: outside }).modules.length, 1);
  assert.equal(project.done(['modules'], { cwd: outside, env: { REMIT_PROJECT_ROOT: linked } }).modules.length, 1);
  assert.equal(project.git('status', '--porcelain').trim(), '?? nested/', 'the board is out of git’s sight');
});

test('paths are relative to where one stands', (t) => {
  const project = new Project(t).board();
  const paths = project.done(['who-owns', 'lib.rs', '../../docs', project.at('README.md')], { cwd: project.at('src/core') }).paths;
  assert.deepEqual(paths.map((one) => one.path), ['src/core/lib.rs', 'docs', 'README.md']);
});

test('a bare repository keeps its board beside or inside it', (t) => {
  const project = new Project(t);
  const bare = (name) => {
    const folder = path.join(project.scratch, name);
    spawnSync('git', ['clone', '--quiet', '--bare', project.root, folder]);
    return fs.realpathSync(folder);
  };
  const inside = bare('plain.git');
  assert.equal(boardAt(project, inside), path.join(inside, 'project-plan'));
  for (const hidden of ['.bare', '.git']) {
    const folder = path.join(project.scratch, `around${hidden}`);
    fs.mkdirSync(folder);
    const common = bare(path.join(`around${hidden}`, hidden));
    const worktree = path.join(folder, 'main');
    git(common, 'worktree', 'add', '--quiet', worktree, 'main');
    assert.equal(boardAt(project, worktree), path.join(folder, 'project-plan'), hidden);
    assert.equal(project.done(['conflicts'], { cwd: worktree }).conflicts.length, 0);
  }
});

test('without a repository, the nearest board upwards is meant', (t) => {
  const project = new Project(t, { repository: false });
  fs.mkdirSync(project.at('deep/er'), { recursive: true });
  project.refused('no-board', ['state'], { cwd: project.at('deep') });
  assert.equal(boardAt(project, project.root), project.plan());
  project.done(['add-module', 'm'], { cwd: project.at('deep/er') });
  assert.equal(project.done(['modules']).modules.length, 1);
  project.agent('alice');
  const { lease } = project.done(['claim', '--module', 'm']);
  assert.ok(lease.token && project.done(['finish', '--module', 'm']).module.status === 'done', 'tokens are kept outside git too');
});

test('a repository without commits, a detached head, a submodule', (t) => {
  const project = new Project(t, { repository: false });
  git(project.root, 'init', '--quiet', '--initial-branch=main');
  git(project.root, 'config', 'user.name', 'S');
  git(project.root, 'config', 'user.email', 's@example.invalid');
  project.board();
  project.agent('alice');
  project.write('src/core/x.rs', 'x\n');
  project.done(['claim', '--module', 'core']);
  assert.deepEqual(project.done(['conflicts']).conflicts, []);
  commitAll(project.root, 'one');
  git(project.root, 'switch', '--quiet', '--detach');
  assert.equal(project.done(['preflight', '--confirm-workspace', '--confirm-branch']).branch, 'detached');

  const library = new Project(t);
  git(project.root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.root, 'lib');
  project.done(['add-module', 'lib', '--owned-path', 'lib']);
  assert.equal(boardAt(project, project.at('lib')), project.at('lib/project-plan'), 'a submodule is a repository of its own');
});

test('a hook’s environment leads nobody astray', (t) => {
  const project = new Project(t).board();
  const other = new Project(t);
  const env = { GIT_DIR: other.at('.git'), GIT_WORK_TREE: other.root, GIT_INDEX_FILE: other.at('.git/index') };
  assert.equal(project.done(['modules'], { env }).modules.length, 3);
  assert.deepEqual(project.done(['conflicts'], { env }).conflicts, []);
});

test('during a merge only what is conflicted counts', (t) => {
  const project = new Project(t).board();
  const linked = project.worktree('linked');
  fs.writeFileSync(path.join(linked, 'src/core/lib.rs'), 'theirs\n');
  fs.writeFileSync(path.join(linked, 'src/web/page.rs'), 'theirs\n');
  commitAll(linked, 'theirs');
  project.write('src/core/lib.rs', 'ours\n');
  commitAll(project.root, 'ours');
  const other = project.worktree('merging');
  const alice = project.agent('alice');
  project.done(['claim', '--module', 'core', '--agent-id', alice]);
  project.done(['edit-module', 'core', '--owned-path', 'src', '--agent-id', alice]);
  assert.throws(() => git(other, 'merge', 'linked'));
  const error = project.refused('conflicts-found', ['conflicts'], { cwd: other });
  assert.deepEqual(error.details.conflicts.map((row) => row.path), ['src/core/lib.rs']);
});

test('a symbolic link does not lead out of the tree', (t) => {
  const project = new Project(t).board();
  fs.writeFileSync(path.join(project.scratch, 'secret'), 'x');
  fs.symlinkSync(project.scratch, project.at('out'));
  const { code, error } = project.json(['who-owns', 'out/secret']);
  assert.deepEqual([code, error.kind], [2, 'invalid']);
  assert.equal(project.done(['who-owns', 'out']).paths[0].path, 'out', 'the link itself is a path');
});
