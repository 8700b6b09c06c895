// One code-server serves any number of windows; each has an extension host, and so a sidecar, of its own. The tests start
// servers that can see nothing of the user's; `npm start` starts one that is the user's.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { Failure, run } from '../../../scripts/lib/process.mjs';
import * as settings from './settings.mjs';

// A test that is interrupted must not leave its servers behind: they are process groups of their own.
const running = new Set();
process.on('exit', () => running.forEach((child) => signalGroup(child, 'SIGKILL')));

/** Lets Ctrl-C and a plain kill end this process in the way that stops its servers too. */
export function exitOnSignals() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));
}

const READY_MS = 60_000;
const STOP_MS = 8_000;

/** A profile of a test: HOME and everything else it writes lie in `dir`, and nothing asks the network. */
export function isolatedProfile(dir, env = {}) {
  const home = path.join(dir, 'home');
  return {
    dir,
    settings: settings.TEST,
    // A crashed browser would otherwise leave its extension host for three hours.
    args: ['--disable-workspace-trust', '--reconnection-grace-time', '3'],
    env: {
      ...withoutEditorVariables(process.env),
      HOME: home,
      XDG_CONFIG_HOME: path.join(home, '.config'),
      XDG_DATA_HOME: path.join(home, '.local', 'share'),
      XDG_STATE_HOME: path.join(home, '.local', 'state'),
      XDG_CACHE_HOME: path.join(home, '.cache'),
      GIT_CONFIG_NOSYSTEM: '1',
      DO_NOT_TRACK: '1',
      EXTENSIONS_GALLERY: '{}',
      ...env,
    },
  };
}

/** The profile of a person: their HOME and environment, with the workbench's own data in `dir`. */
export function personalProfile(dir, args = []) {
  return { dir, settings: settings.PERSONAL, args, env: withoutEditorVariables(process.env) };
}

// Started from a terminal inside VS Code, a server would take that window's settings and agent for its own.
function withoutEditorVariables(env) {
  const foreign = /^(VSCODE_|ELECTRON_|CODE_SERVER|CS_|REMIT_)|^(PASSWORD|HASHED_PASSWORD|PORT)$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !foreign.test(name)));
}

export async function installExtension(editor, profile, vsix) {
  prepare(profile);
  const args = [editor.codeServer, ...location(profile), '--install-extension', vsix, '--force'];
  await run(editor.node, args, { env: profile.env });
}

/** Starts a server on 127.0.0.1 and resolves when it answers: { port, base, pid, url(folder, payload), stop() }. */
export async function startServer(editor, profile, { port, args = [], env = {} } = {}) {
  prepare(profile);
  const chosen = port ?? (await freePort());
  const log = path.join(profile.dir, 'server.log');
  const child = launch(editor, profile, chosen, log, args, env);
  const base = `http://127.0.0.1:${chosen}`;
  await ready(child, base, log);
  return { port: chosen, base, pid: child.pid, url: (...where) => address(base, ...where), stop: () => stop(child), exited: exited(child) };
}

function launch(editor, profile, port, log, args, env) {
  const argv = [
    editor.codeServer,
    ...location(profile),
    ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`],
    ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', '--disable-proxy', '--ignore-last-opened'],
    ...profile.args,
    ...args,
  ];
  const output = fs.openSync(log, 'a');
  // A process group of its own: stopping it takes along the extension hosts, the sidecars and the terminals.
  const child = spawn(editor.node, argv, { env: { ...profile.env, ...env }, stdio: ['ignore', output, output], detached: true });
  fs.closeSync(output);
  running.add(child);
  return child;
}

const location = ({ dir }) => [
  ...['--config', path.join(dir, 'config.yaml')],
  ...['--user-data-dir', path.join(dir, 'data')],
  ...['--extensions-dir', path.join(dir, 'extensions')],
];

function prepare({ dir, settings: wanted, env }) {
  fs.mkdirSync(path.join(dir, 'data', 'User'), { recursive: true });
  if (env.HOME) fs.mkdirSync(env.HOME, { recursive: true });
  writeOnce(path.join(dir, 'config.yaml'), 'auth: none\n');
  writeOnce(path.join(dir, 'data', 'User', 'settings.json'), `${JSON.stringify(wanted, null, 2)}\n`);
}

// A person's changed settings outlive the next start.
function writeOnce(file, text) {
  if (!fs.existsSync(file)) fs.writeFileSync(file, text);
}

function address(base, folder, payload) {
  const kind = folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
  const query = new URLSearchParams({ [kind]: folder });
  if (payload) query.set('payload', JSON.stringify(payload));
  return `${base}/?${query.toString().replaceAll('+', '%20').replaceAll('%2F', '/')}`;
}

async function ready(child, base, log) {
  const deadline = Date.now() + READY_MS;
  let failure;
  child.once('error', (error) => (failure = error));
  while (!(await answers(base))) {
    if (failure) throw failure;
    if (child.exitCode !== null) throw new Failure(`The workbench's server exited (${child.exitCode}):\n${fs.readFileSync(log, 'utf8')}`);
    if (Date.now() > deadline) {
      await stop(child);
      throw new Failure(`The workbench's server did not answer in ${READY_MS / 1000} s; see ${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function answers(base) {
  try {
    return (await fetch(`${base}/healthz`)).ok;
  } catch {
    return false;
  }
}

const exited = (child) =>
  new Promise((resolve) => (child.exitCode !== null || child.signalCode ? resolve() : child.once('exit', resolve)));

async function stop(child) {
  signalGroup(child, 'SIGTERM');
  await Promise.race([exited(child), new Promise((resolve) => setTimeout(resolve, STOP_MS).unref())]);
  signalGroup(child, 'SIGKILL');
  running.delete(child);
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // nobody of the group is left
  }
}

export function freePort(wanted = 0) {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject);
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
