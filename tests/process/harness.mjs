// Real processes on a real repository: each test has folders, a home and a git identity of its own.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { addWorktree, git, makeRepo, scratchFolder, writeFiles } from '../editor/rig/repo.mjs';

const REMIT = process.env.REMIT_BIN ?? path.resolve(import.meta.dirname, '../../target/debug/remit');
/** How `timeout` ends when it has killed. */
const KILLED = 128 + 9;
export const soak = process.env.REMIT_SOAK === '1';

const FILES = {
  'README.md': '# Sample\n',
  'src/core/lib.rs': 'pub fn one() -> u32 {\n    1\n}\n',
  'src/core/util.rs': 'pub fn two() -> u32 {\n    2\n}\n',
  'src/web/page.rs': 'pub fn page() {}\n',
  'docs/guide.md': 'Read me.\n',
  'app/[id]/page.tsx': 'export default 1;\n',
};

/** A repository with a home of its own; it goes with the test. */
export class Project {
  constructor(t, { repository = true, files = FILES } = {}) {
    this.scratch = scratchFolder();
    t.after(() => fs.rmSync(this.scratch, { recursive: true, force: true }));
    this.home = path.join(this.scratch, 'home');
    this.root = path.join(this.scratch, 'repo');
    fs.mkdirSync(this.home);
    fs.mkdirSync(this.root);
    if (repository) makeRepo(this.root, files);
  }

  binary = REMIT;
  at = (...parts) => path.join(this.root, ...parts);
  plan = (...parts) => this.at('project-plan', ...parts);
  read = (...parts) => fs.readFileSync(this.at(...parts), 'utf8');
  write = (name, text) => writeFiles(this.root, { [name]: text });
  git = (...args) => git(this.root, ...args);

  worktree(name, branch = name) {
    return addWorktree(this.root, path.join(this.scratch, name), branch);
  }

  env(more = {}) {
    const inherited = Object.entries(process.env).filter(([name]) => !/^(GIT_|REMIT_|XDG_|COLUMNS$)/.test(name));
    const own = { HOME: this.home, XDG_STATE_HOME: path.join(this.home, 'state'), GIT_CONFIG_GLOBAL: os.devNull, GIT_CONFIG_NOSYSTEM: '1' };
    return { ...Object.fromEntries(inherited), ...own, ...more };
  }

  /** Runs `remit` to its end: { code, stdout, stderr }. */
  run(args, { cwd = this.root, env = {}, input } = {}) {
    const { status, stdout, stderr, error } = spawnSync(REMIT, args, { cwd, env: this.env(env), input, encoding: 'utf8' });
    // A command that is refused at once does not read its input to the end.
    if (error && error.code !== 'EPIPE') throw error;
    return { code: status, stdout, stderr };
  }

  /** Runs a line of shell in which `$REMIT` is the binary: { code, stdout, stderr }. */
  shell(line, { cwd = this.root, env = {} } = {}) {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { cwd, env: this.env({ REMIT, ...env }), encoding: 'utf8' });
    return { code: status, stdout, stderr };
  }

  /** The envelope of a command, which must be the only thing on standard output. */
  json(args, options) {
    const { code, stdout, stderr } = this.run(['--json', ...args], options);
    assert.equal(stderr, '', `remit ${args.join(' ')}`);
    const envelope = JSON.parse(stdout);
    assert.equal(envelope.ok, code === 0, stdout);
    return { code, ...envelope };
  }

  /** The result of a command that must be done. */
  done(args, options) {
    const { ok, result, error } = this.json(args, options);
    assert.ok(ok, `remit ${args.join(' ')}: ${JSON.stringify(error)}`);
    return result;
  }

  /** The error of a command that must be refused, by its code. */
  refused(expected, args, options) {
    const { ok, code, error } = this.json(args, options);
    assert.ok(!ok, `remit ${args.join(' ')} should be refused with ${expected}`);
    assert.equal(error.code, expected, JSON.stringify(error));
    assert.equal(code, { refused: 1, invalid: 2, nothing: 3, unavailable: 4, internal: 70 }[error.kind]);
    assert.ok(error.message.length > 5);
    return error;
  }

  /** A board with modules core (src/core), web (src/web, waits for core) and docs. */
  board() {
    this.done(['bootstrap']);
    this.done(['add-module', 'core', '--owned-path', 'src/core', '--title', 'The core']);
    this.done(['add-module', 'web', '--owned-path', 'src/web', '--depends-on', 'core']);
    this.done(['add-module', 'docs', '--owned-path', 'docs/**', '--priority', '4']);
    return this;
  }

  agent(key, ...more) {
    return this.done(['init-agent', '--thread-key', key, ...more]).agent_id;
  }

  /** Starts `remit` and resolves with { code, stdout } at its end; `kill` ends it in the middle, a SIGKILL by itself `killAfter` milliseconds. */
  start(args, { cwd = this.root, env = {}, killAfter } = {}) {
    // This process, busy with others, would be too late for a command of a few milliseconds.
    const killer = killAfter === undefined ? [] : ['timeout', '--signal=KILL', String(killAfter / 1000)];
    const [program, ...words] = [...killer, REMIT, ...args];
    const child = spawn(program, words, { cwd, env: this.env(env), stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    child.stdout.on('data', (data) => (stdout += data));
    const ended = new Promise((resolve) => {
      child.once('close', (code, signal) => resolve({ code, signal: code === KILLED ? 'SIGKILL' : signal, stdout }));
    });
    return { ended, pid: child.pid, kill: (signal = 'SIGKILL') => child.kill(signal) };
  }

  /** What stands in every file of the board's folder, by name; the database's own files by size and time. */
  picture() {
    if (!fs.existsSync(this.plan())) return null;
    const names = fs.readdirSync(this.plan(), { recursive: true }).sort();
    return names.map((name) => {
      const { mtimeMs, size, ino } = fs.statSync(this.plan(name));
      // Whoever opens the board maps SQLite's index of its log: that is no content.
      return /-shm$/.test(name) || fs.statSync(this.plan(name)).isDirectory() ? name : `${name} ${size} ${mtimeMs} ${ino}`;
    });
  }
}

/** Asks the database itself, on a copy, by a program that is not ours. Only when no process has the board open. */
export function askSqlite(project, sql) {
  const copy = fs.mkdtempSync(path.join(project.scratch, 'copy-'));
  for (const name of fs.readdirSync(project.plan()).filter((name) => /^coordination\.db(-wal)?$/.test(name))) {
    fs.copyFileSync(project.plan(name), path.join(copy, name));
  }
  const program = 'import sqlite3,sys,json; print(json.dumps(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall()))';
  const { status, stdout, stderr } = spawnSync('python3', ['-c', program, path.join(copy, 'coordination.db'), sql], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

/** What a process has had of the processor so far. */
export function cpuSeconds(pid) {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
