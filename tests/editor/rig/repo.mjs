// Each test has a repository of its own, with a configured user of its own: whose change a change is depends on both.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

// Rust, because the workbench has no language server of its own for it: TypeScript's would cost more than all else here.
const SAMPLE = {
  'README.md': '# Sample\n\nA shop in three rooms.\n',
  'src/cart/total.rs': 'pub fn total(prices: &[u32]) -> u32 {\n    prices.iter().sum()\n}\n',
  'src/search/query.rs': 'pub fn normalise(query: &str) -> String {\n    query.trim().to_lowercase()\n}\n',
  'src/shared/money.rs': 'pub fn in_cents(amount: f64) -> u32 {\n    (amount * 100.0).round() as u32\n}\n',
};

/** A folder that nobody else has; links resolved, so that paths compare equal to what git and VS Code say. */
export const scratchFolder = (prefix = 'remit-test-') => fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), prefix)));

/** A git repository at `dir` with one commit of `files` (path → text) on `main`. */
export function makeRepo(dir, files = SAMPLE) {
  writeFiles(dir, files);
  git(dir, 'init', '--quiet', '--initial-branch=main');
  git(dir, 'config', 'user.name', 'Sam Sample');
  git(dir, 'config', 'user.email', 'sam@example.invalid');
  commitAll(dir, 'Begin');
  return dir;
}

/** A linked worktree of `repo` at `dir`, on a new branch. */
export function addWorktree(repo, dir, branch) {
  git(repo, 'worktree', 'add', '--quiet', '-b', branch, dir);
  return dir;
}

export function commitAll(dir, message) {
  git(dir, 'add', '--all');
  git(dir, 'commit', '--quiet', '--message', message);
}

export function writeFiles(dir, files) {
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    fs.writeFileSync(path.join(dir, name), text);
  }
}

// Neither the user's git configuration nor a repository that these tests run inside of may change what a test sees.
export function git(dir, ...args) {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const env = { ...Object.fromEntries(inherited), GIT_CONFIG_GLOBAL: os.devNull, GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', ['-C', dir, ...args], { env, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] });
}
