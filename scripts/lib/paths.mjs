// Where things are, in the project and for the user: one place to look up a folder's name.
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');
export const inRoot = (...parts) => path.join(root, ...parts);

export const executable = process.platform === 'win32' ? 'remit.exe' : 'remit';

/** Per user and lasting: the placed binary, the browser workbench's settings. */
export function userData(...parts) {
  const home = os.homedir();
  const base = {
    win32: () => path.join(process.env.LOCALAPPDATA || path.join(home, 'AppData', 'Local'), 'remit'),
    darwin: () => path.join(home, 'Library', 'Application Support', 'remit'),
  }[process.platform] ?? (() => path.join(absolute(process.env.XDG_DATA_HOME) ?? path.join(home, '.local', 'share'), 'remit'));
  return path.join(base(), ...parts);
}

/** Per user and disposable: the installed editor of the tests, which a `git clean` should not cost. */
export function userCache(...parts) {
  const home = os.homedir();
  const base = {
    win32: () => path.join(process.env.LOCALAPPDATA || path.join(home, 'AppData', 'Local'), 'remit', 'cache'),
    darwin: () => path.join(home, 'Library', 'Caches', 'remit'),
  }[process.platform] ?? (() => path.join(absolute(process.env.XDG_CACHE_HOME) ?? path.join(home, '.cache'), 'remit'));
  return path.join(base(), ...parts);
}

// The XDG specification says that a relative path in these variables is to be ignored.
const absolute = (folder) => (folder && path.isAbsolute(folder) ? folder : null);
