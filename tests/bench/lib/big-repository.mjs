// A large repository of real files: the vendored sources of what the project itself is built from.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { addWorktree, commitAll, git } from '../../editor/rig/repo.mjs';

const root = path.resolve(import.meta.dirname, '../../..');
const MODULES = 300;

/** Makes it once for each set of locked dependencies, and again without a board for each caller: { repo, linked, files, modules }. */
export function bigRepository() {
  const locked = ['Cargo.lock', 'package-lock.json'].map((name) => fs.readFileSync(path.join(root, name)));
  const stamp = createHash('sha256').update(Buffer.concat(locked)).digest('hex').slice(0, 12);
  const cache = process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache');
  const folder = path.join(cache, 'remit', `big-repository-${stamp}`);
  if (!fs.existsSync(path.join(folder, 'ready'))) make(folder);
  const repo = fs.realpathSync(path.join(folder, 'repo'));
  const linked = ['linked-1', 'linked-2'].map((name) => fs.realpathSync(path.join(folder, name)));
  fs.rmSync(path.join(repo, 'project-plan'), { recursive: true, force: true });
  for (const tree of [repo, ...linked]) git(tree, 'checkout', '--quiet', '--force', 'HEAD');
  return { repo, linked, files: git(repo, 'ls-files').split('\n').length - 1, modules: modules(repo) };
}

function make(folder) {
  fs.rmSync(folder, { recursive: true, force: true });
  const repo = path.join(folder, 'repo');
  fs.mkdirSync(repo, { recursive: true });
  console.error('vendoring the dependencies’ sources, once…');
  execFileSync('cargo', ['vendor', '--locked', '--versioned-dirs', path.join(repo, 'crates')], { cwd: root, stdio: ['ignore', 'ignore', 'ignore'] });
  fs.cpSync(path.join(root, 'node_modules'), path.join(repo, 'packages'), { recursive: true, verbatimSymlinks: true });
  git(repo, 'init', '--quiet', '--initial-branch=main');
  git(repo, 'config', 'user.name', 'Sam Sample');
  git(repo, 'config', 'user.email', 'sam@example.invalid');
  commitAll(repo, 'Vendor');
  for (const name of ['linked-1', 'linked-2']) addWorktree(repo, path.join(folder, name), name);
  fs.writeFileSync(path.join(folder, 'ready'), '');
}

/** A plan of modules, each over a real folder, no two over the same files. */
function modules(repo) {
  const folders = new Set(git(repo, 'ls-files').split('\n').map((file) => file.split('/').slice(0, 3)).filter((parts) => parts.length === 3).map((parts) => parts.join('/')));
  const nested = [...folders].filter((folder) => fs.statSync(path.join(repo, folder)).isDirectory());
  const step = Math.max(1, Math.floor(nested.length / MODULES));
  return nested.filter((_, at) => at % step === 0).slice(0, MODULES).map((folder, at) => ({ id: `m${at}`, title: folder, owned_paths: [folder.replace(/[[\]{}*?\\]/g, '\\$&')] }));
}
