// Any Chromium will do: the user's, Debian's, or the one that playwright fetches. One that cannot start is none: Ubuntu's
// package `chromium` is a pointer to a snap, which containers do not have.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Failure, run, which } from '../../../scripts/lib/process.mjs';
import { aptInstall, installHint } from './system.mjs';

const PACKAGES = ['chromium', 'fonts-dejavu-core'];
const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** playwright-core out of the installed editor's folder. */
export const playwright = (editor) => createRequire(path.join(editor.dir, 'package.json'))('playwright-core');

/** Resolves with { path } of a Chromium that starts; installs one where we are root. */
export async function ensureChromium(editor, onLine) {
  const found = find(editor);
  if (found) return { path: found, note: 'current' };
  await install(editor, onLine);
  const installed = find(editor);
  if (!installed) throw new Failure(`The editor's tests need ${installHint(PACKAGES)} (or CHROMIUM=/path/to/chrome)`);
  return { path: installed };
}

async function install(editor, onLine) {
  const asRoot = await aptInstall(PACKAGES, onLine);
  if (!asRoot || find(editor)) return;
  const cli = path.join(editor.dir, 'node_modules', 'playwright-core', 'cli.js');
  await run(process.execPath, [cli, 'install', '--with-deps', 'chromium'], { onLine });
}

function find(editor) {
  const named = process.env.CHROMIUM;
  if (named && !starts(named)) throw new Failure(`CHROMIUM names ${named}, which does not start`);
  const candidates = [named, ...COMMANDS.map(which), fetchedByPlaywright(editor)];
  return candidates.find((file) => file && starts(file)) ?? null;
}

function fetchedByPlaywright(editor) {
  const file = playwright(editor).chromium.executablePath();
  return fs.existsSync(file) ? file : null;
}

function starts(file) {
  try {
    execFileSync(file, ['--version'], { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}
