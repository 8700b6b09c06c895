// Microsoft's test runners download a build of VS Code; the npm package code-server carries the same workbench and
// extension host, so an npm registry is all that the editor needs. Installing compiles two native modules: the result is
// kept in the user's cache and shared by every checkout with the same pins.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { userCache } from '../../../scripts/lib/paths.mjs';
import { Failure, run } from '../../../scripts/lib/process.mjs';
import { ensureCommands } from './system.mjs';

const PINS = ['package.json', 'package-lock.json'].map((name) => new URL(name, import.meta.url));
const BUILD_TOOLS = { python3: 'python3', make: 'make', 'g++': 'g++', git: 'git' };
// Only these two of VS Code's native modules are loaded by the server; the rest would take two more minutes to compile.
const NATIVE_MODULES = ['@vscode/spdlog', '@vscode/native-watchdog'];

/** The installed editor's files: { dir, node, codeServer }. */
export function editorFiles(dir = installedDir()) {
  return {
    dir,
    node: path.join(dir, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node'),
    codeServer: path.join(dir, 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
  };
}

/** Installs the editor unless it is there. `onLine` sees what the installers print. */
export async function ensureEditor(onLine) {
  const dir = installedDir();
  if (fs.existsSync(dir)) return { ...editorFiles(dir), note: 'current' };
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    throw new Failure('The workbench in the browser runs on Linux (x64, arm64) only; install VS Code and its `code` command instead.');
  }
  await ensureCommands(BUILD_TOOLS, 'The workbench', onLine);
  await installInto(dir, onLine);
  return editorFiles(dir);
}

function installedDir() {
  const hash = crypto.createHash('sha256').update(process.arch);
  for (const file of PINS) hash.update(fs.readFileSync(file));
  return userCache(`editor-rig-${hash.digest('hex').slice(0, 16)}`);
}

// The folder takes its name only when it is complete, so that neither a crash nor a second installer leaves half of one.
async function installInto(dir, onLine) {
  fs.mkdirSync(path.dirname(dir), { recursive: true });
  const partial = fs.mkdtempSync(`${dir}.partial-`);
  try {
    for (const file of PINS) fs.copyFileSync(file, path.join(partial, path.basename(file.pathname)));
    await installPackages(partial, onLine);
    await prepareCodeServer(editorFiles(partial), onLine);
    fs.renameSync(partial, dir);
  } catch (error) {
    fs.rmSync(partial, { recursive: true, force: true });
    if (!fs.existsSync(dir)) throw error;
  }
}

const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];

async function installPackages(dir, onLine) {
  await run('npm', ['ci', '--ignore-scripts', ...QUIET], { cwd: dir, onLine });
}

// What code-server's own post-install does, with its own Node and that Node's headers.
async function prepareCodeServer({ dir, node, codeServer }, onLine) {
  const nodeHome = path.dirname(path.dirname(node));
  const env = {
    ...process.env,
    PATH: path.dirname(node) + path.delimiter + process.env.PATH,
    npm_config_nodedir: nodeHome,
    npm_config_engine_strict: 'false',
  };
  const vscode = path.join(dir, 'node_modules', 'code-server', 'lib', 'vscode');
  const install = (cwd) => run('npm', ['install', '--omit=dev', '--ignore-scripts', ...QUIET], { cwd, env, onLine });
  await install(vscode);
  await install(path.join(vscode, 'extensions'));
  await run('npm', ['rebuild', ...NATIVE_MODULES], { cwd: vscode, env, onLine });
  link('code-linux.sh', path.join(vscode, 'bin', 'remote-cli', 'code-server'));
  link('browser-linux.sh', path.join(vscode, 'bin', 'helpers', 'browser.sh'));
  await run(node, [codeServer, '--version'], { env, onLine });
}

function link(target, file) {
  fs.rmSync(file, { force: true });
  fs.symlinkSync(target, file);
}
