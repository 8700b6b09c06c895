// Other programs fail in their own ways; people should always meet the same one: what was run, what it said last,
// and what to do where that is known.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** An error whose message is meant for people: shown without a stack. */
export class Failure extends Error {}

const HINTS = {
  cargo: 'install Rust from https://rustup.rs, open a new terminal, and run this again',
  npm: 'install Node.js 20.19 or newer with npm from https://nodejs.org, and run this again',
  git: 'install git (Debian, Ubuntu: apt-get install git; elsewhere: https://git-scm.com), and run this again',
};

const TAIL_LINES = 30;

/** The full path of a command on PATH, or null. */
export function which(name) {
  const endings = process.platform === 'win32' ? (process.env.PATHEXT ?? '.EXE;.CMD;.BAT').split(';') : [''];
  for (const folder of (process.env.PATH ?? '').split(path.delimiter).filter(Boolean)) {
    for (const ending of endings) {
      const file = path.join(folder, name + ending);
      if (isExecutable(file)) return file;
    }
  }
  return null;
}

function isExecutable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * Runs a program and resolves with its standard output. `onLine` sees each line of both streams as it comes, and a failure
 * carries the last ones; `forPeople` keeps lines meant for programs out of both. `logFile` receives everything.
 */
export async function run(command, args, options = {}) {
  const { code, stdout, tail } = await attempt(command, args, options);
  if (code === 0) return stdout;
  throw new Failure([`${describe(command, args)} failed (${code})`, ...tail, ...logHint(options)].join('\n'));
}

/** As `run`, but a failing exit code is an answer: { code, stdout, tail }. */
export function attempt(command, args, { cwd, env = process.env, onLine, logFile, forPeople = () => true } = {}) {
  const log = logFile ? openLog(logFile) : null;
  const tail = [];
  let stdout = '';
  const { file, argv, shell } = spawnable(command, args);
  return new Promise((resolve, reject) => {
    const child = spawn(file, argv, { cwd, env, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (line) => {
      if (!forPeople(line)) return;
      onLine?.(line);
      tail.push(line);
      if (tail.length > TAIL_LINES) tail.shift();
    };
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => log?.write(chunk));
      eachLine(stream, keep);
    }
    child.on('error', (error) => reject(notStarted(command, error)));
    child.on('close', (code, signal) => resolve({ code: code ?? signal, stdout, tail }));
  }).finally(() => log && new Promise((flushed) => log.end(flushed)));
}

function openLog(file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  return fs.createWriteStream(file);
}

export function eachLine(stream, onLine) {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop();
    lines.forEach(onLine);
  });
  stream.on('end', () => rest && onLine(rest));
}

// npm and code are scripts on Windows, which only a shell can start; Node leaves the quoting to us there.
function spawnable(command, args) {
  if (command === 'npm' && process.env.npm_execpath) {
    return { file: process.execPath, argv: [process.env.npm_execpath, ...args], shell: false };
  }
  const found = process.platform === 'win32' ? which(command) : null;
  if (found && /\.(cmd|bat)$/i.test(found)) {
    return { file: quote(found), argv: args.map(quote), shell: true };
  }
  return { file: command, argv: args, shell: false };
}

const quote = (text) => `"${String(text).replaceAll('"', '""')}"`;

function notStarted(command, error) {
  if (error.code !== 'ENOENT') return error;
  const hint = HINTS[command];
  return new Failure(`${command} was not found on PATH${hint ? `: ${hint}` : ''}`);
}

const describe = (command, args) => [path.basename(command), ...args.slice(0, 3)].join(' ');
const logHint = ({ logFile }) => (logFile ? [`all of it: ${logFile}`] : []);
