// The commands run on a fresh clone: node_modules is made to agree with package-lock.json before anything is imported from it.
import crypto from 'node:crypto';
import fs from 'node:fs';
import { inRoot, root } from './paths.mjs';
import { run } from './process.mjs';
import { step } from './steps.mjs';

const STAMP = inRoot('node_modules', '.remit-lock');

/** Runs `npm ci` when the lock file is another than the one that node_modules was made from. */
export async function ensureDependencies() {
  if (installedFrom() === lockHash()) return;
  await step('Install the npm packages', async (update) => {
    await run('npm', ['ci', '--ignore-scripts', '--loglevel=error'], { cwd: root, onLine: update });
    fs.writeFileSync(STAMP, lockHash());
  });
}

// esbuild's package differs by platform: a folder that moved between machines is stale too.
function lockHash() {
  const lock = fs.readFileSync(inRoot('package-lock.json'));
  return crypto.createHash('sha256').update(`${process.platform}-${process.arch}`).update(lock).digest('hex');
}

function installedFrom() {
  try {
    return fs.readFileSync(STAMP, 'utf8');
  } catch {
    return null;
  }
}
