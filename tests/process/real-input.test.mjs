// Real sources, cut into modules along their real folders, edited in several worktrees: `conflicts` must answer what the most
// naive reading of git's own lists and of the scopes says.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { bigRepository } from '../bench/lib/big-repository.mjs';
import { commitAll, git, makeRepo } from '../editor/rig/repo.mjs';
import { Project, soak } from './harness.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
const OWN_SOURCES = ['sidecar', 'scripts', 'tests/process', 'tests/scripts', 'extension/src'];
const MODULES = soak ? 300 : 40;
const EDITS = soak ? 400 : 24;
const ENDINGS = ['toml', 'md'];

/** Three worktrees of one repository: this project's own sources, at full scale those of everything that it is built from. */
function worktrees(t, project) {
  if (soak) {
    const { repo, linked } = bigRepository();
    const trees = [repo, ...linked];
    // It took minutes to make and is made once: the next one finds it as it was.
    t.after(() => trees.forEach((tree) => git(tree, 'reset', '--quiet', '--hard', 'main') + git(tree, 'clean', '--quiet', '-ffdx')));
    return { root: repo, trees };
  }
  for (const folder of OWN_SOURCES) {
    fs.cpSync(path.join(ROOT, folder), project.at(folder), { recursive: true, filter: (name) => !/node_modules|snapshots/.test(name) });
  }
  makeRepo(project.root, {});
  return { root: project.root, trees: [project.root, project.worktree('b'), project.worktree('c')] };
}

/** Every n-th folder, at whatever depth, so that some lie in others; and two endings, which lie across all. */
function cut(files) {
  const folders = [...new Set(files.flatMap((file) => file.split('/').slice(0, -1).map((_, n, parts) => parts.slice(0, n + 1).join('/'))))].sort();
  const step = Math.max(1, Math.floor(folders.length / (MODULES - ENDINGS.length)));
  const chosen = folders.filter((_, n) => n % step === 0).slice(0, MODULES - ENDINGS.length);
  return [...chosen.map((folder) => ({ folder })), ...ENDINGS.map((ending) => ({ ending }))].map((scope, n) => ({ id: `m${n}`, ...scope }));
}

const pattern = ({ folder, ending }) => (folder === undefined ? `*.${ending}` : folder.replace(/[[\]{}*?\\]/g, '\\$&'));
const covers = ({ folder, ending }, file) =>
  folder === undefined ? file.split('/').some((name) => name.endsWith(`.${ending}`)) : `${file}/`.startsWith(`${folder}/`);
const overlap = (a, b) => a.folder === undefined || b.folder === undefined || covers(a, b.folder) || covers(b, a.folder);

/** Changes files in every way that git tells apart. */
function edit(tree, files, seed) {
  const chosen = files.filter((_, n) => (n * 7919 + seed * 104729) % files.length < EDITS);
  const ways = [
    (file) => fs.appendFileSync(path.join(tree, file), `\n${seed}\n`),
    (file) => fs.rmSync(path.join(tree, file)),
    (file) => fs.writeFileSync(path.join(tree, path.dirname(file), `new [${seed}] ü.toml`), 'new\n'),
    (file) => git(tree, 'mv', file, `${file}.moved`),
    (file) => {
      fs.appendFileSync(path.join(tree, file), `\nstaged ${seed}\n`);
      git(tree, 'add', file);
    },
  ];
  const [committed, open] = [chosen.slice(0, chosen.length / 3), chosen.slice(chosen.length / 3)];
  committed.forEach((file, n) => ways[n % ways.length](file));
  if (seed > 0) commitAll(tree, 'Some of it');
  open.forEach((file, n) => ways[n % ways.length](file));
}

function changedIn(tree) {
  const names = (...args) => git(tree, ...args).split('\0').filter(Boolean);
  const open = names('status', '--porcelain', '-z', '-uall', '--no-renames').map((line) => line.slice(3));
  const committed = names('diff', '--name-only', '-z', '--no-renames', 'main...HEAD');
  return [...new Set([...open, ...committed])];
}

/** What `conflicts` should list for an agent who is alone in its worktree, as lines. */
function expected(modules, agent, changed) {
  const others = modules.filter((module) => module.owner && module.owner !== agent);
  const touched = changed.flatMap((file) => others.filter((module) => covers(module, file)).map((module) => `${file} in ${module.id}`));
  const mine = modules.filter((module) => module.owner === agent);
  const overlaps = mine.flatMap((one) => others.filter((other) => overlap(one, other)).map((other) => `${one.id} and ${other.id}`));
  return [...touched, ...overlaps].sort();
}

function answered(rows, modules) {
  const byId = new Map(modules.map((module) => [module.id, module]));
  return rows
    .map((row) => {
      if (row.code === 'path-owned-by-other') return `${row.path} in ${row.module}`;
      assert.ok([row.with_module, row.module].every((id) => covers(byId.get(id), row.witness)), `${row.witness} lies in both`);
      return `${row.with_module} and ${row.module}`;
    })
    .sort();
}

test('conflicts on real sources are what the simplest model says', { timeout: soak ? 1_800_000 : 120_000 }, (t) => {
  const project = new Project(t, { repository: false });
  const { root, trees } = worktrees(t, project);
  project.root = root;
  const files = git(root, 'ls-files', '-z').split('\0').filter(Boolean);
  const modules = cut(files);
  project.done(['bootstrap']);
  const plan = { modules: modules.map((module) => ({ id: module.id, owned_paths: [pattern(module)] })) };
  project.done(['import-plan', '-'], { input: JSON.stringify(plan) });

  const agents = trees.map((cwd, n) => project.done(['init-agent', '--thread-key', `agent ${n}`], { cwd }).agent_id);
  modules.forEach((module, n) => {
    // Every fourth stays free.
    if (n % 4 === 3) return;
    module.owner = agents[n % 4];
    project.done(['claim', '--module', module.id], { cwd: trees[n % 4] });
  });
  trees.forEach((tree, n) => edit(tree, files, n));
  trees.forEach((cwd, n) => {
    const { code, result, error } = project.json(['conflicts'], { cwd });
    const rows = error?.details.conflicts ?? result.conflicts;
    const changed = changedIn(cwd);
    const wanted = expected(modules, agents[n], changed);
    assert.equal(code, wanted.length > 0 ? 1 : 0);
    assert.ok(wanted.length > 20, `there is something to find: ${wanted.length}`);
    const meets = ({ code }) => code === 'concurrent-edit';
    assert.deepEqual(answered(rows.filter((row) => !meets(row)), modules), wanted);
    // On which lines is held to git itself elsewhere; here it must be a file that both have changed.
    for (const { path: file, with: other } of rows.filter(meets)) {
      assert.ok(changed.includes(file), `${file} was changed here`);
      assert.ok(trees.includes(other.worktree) && other.worktree !== cwd, `${other.worktree} is another worktree`);
    }
  });
  for (const module of modules.filter(({ owner }) => owner)) {
    assert.equal(project.done(['show', module.id]).module.owner, module.owner);
  }
});
