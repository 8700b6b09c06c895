// Which `remit` is started, and the one lasting place that terminals, hooks and MCP configurations name.
import { execFile } from 'node:child_process';
import { constants, promises as fs } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';

const NAME = process.platform === 'win32' ? 'remit.exe' : 'remit';
const run = promisify(execFile);

export const bundledBinary = (extensionPath: string): string => path.join(extensionPath, 'extension', 'bin', NAME);

/** The stable folder of the user's `remit`, whatever version of the extension put it there. */
export function placeOfBinary(env: NodeJS.ProcessEnv = process.env, home = os.homedir()): string {
  return path.join(userData(env, home), 'bin');
}

function userData(env: NodeJS.ProcessEnv, home: string): string {
  if (process.platform === 'win32') return path.join(absolute(env['LOCALAPPDATA']) ?? path.join(home, 'AppData', 'Local'), 'remit');
  if (process.platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'remit');
  return path.join(absolute(env['XDG_DATA_HOME']) ?? path.join(home, '.local', 'share'), 'remit');
}

// The XDG specification says that a relative path in these variables is to be ignored.
const absolute = (folder: string | undefined): string | undefined => (folder && path.isAbsolute(folder) ? folder : undefined);

/** Puts `binary` at the stable place unless one that is as new is there; says whether it did. */
export async function placeBinary(binary: string, folder: string = placeOfBinary()): Promise<boolean> {
  const placed = path.join(folder, NAME);
  const [ours, theirs] = await Promise.all([versionOf(binary), versionOf(placed)]);
  if (ours === undefined || (theirs !== undefined && isAsNew(theirs, ours))) return false;
  await fs.mkdir(folder, { recursive: true });
  await replace(binary, placed);
  return true;
}

/** Why the program can't be started in `folder`; undefined when nothing speaks against it. */
export async function obstacle(binary: string, folder: string): Promise<string | undefined> {
  if (!(await isReachable(folder, constants.F_OK))) return `the folder ${folder} is not there`;
  if (!(await isReachable(binary, constants.F_OK))) return `${binary} is not there`;
  if (!(await isReachable(binary, constants.X_OK))) return `${binary} is not executable`;
  return undefined;
}

const isReachable = (file: string, mode: number): Promise<boolean> => fs.access(file, mode).then(() => true, () => false);

export async function versionOf(binary: string): Promise<string | undefined> {
  try {
    await fs.access(binary, constants.X_OK);
    const { stdout } = await run(binary, ['--version'], { timeout: 5000 });
    return /\d+\.\d+\.\d+/.exec(stdout)?.[0];
  } catch {
    return undefined;
  }
}

/** Compares `1.2.3` with `1.2.3`; of two builds of one version the placed one stays. */
export function isAsNew(placed: string, ours: string): boolean {
  const [a, b] = [placed, ours].map((version) => version.split('.').map(Number)) as [number[], number[]];
  const differs = a.findIndex((number, index) => number !== b[index]);
  return differs < 0 || (a[differs] ?? 0) > (b[differs] ?? 0);
}

// Whoever starts `remit` meanwhile gets the old one or the new one, never half of one.
async function replace(from: string, to: string): Promise<void> {
  const fresh = `${to}.new-${process.pid}`;
  try {
    await fs.copyFile(from, fresh);
    await fs.chmod(fresh, 0o755);
    if (process.platform === 'win32') await retire(to);
    await fs.rename(fresh, to);
  } finally {
    await fs.rm(fresh, { force: true });
  }
}

// Windows refuses to replace a program that runs, but lets it be renamed.
async function retire(file: string): Promise<void> {
  await fs.rename(file, `${file}.old-${Date.now()}`).catch(() => undefined);
}
