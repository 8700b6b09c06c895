// Hooks, terminals and MCP configurations name one path for `remit`, which outlives every version of the extension.
import path from 'node:path';
import { replaceFile } from './files.mjs';
import { executable, userData } from './paths.mjs';
import { step } from './steps.mjs';

/** Puts `binary` at the user's stable place and says how to reach it. */
export async function placeBinary(binary) {
  const placed = userData('bin', executable);
  await step('Place remit', async () => ({ note: replaceFile(binary, placed) ? placed : `current, ${placed}` }));
  if (!isOnPath(path.dirname(placed))) console.log(`  not on PATH yet: ${pathHint(path.dirname(placed))}`);
  return placed;
}

const isOnPath = (folder) =>
  (process.env.PATH ?? '').split(path.delimiter).some((entry) => entry && path.resolve(entry) === path.resolve(folder));

function pathHint(folder) {
  if (process.platform === 'win32') return `add ${folder} to your Path in the system settings, then open a new terminal`;
  return `add  export PATH="${folder}:$PATH"  to your shell's start file`;
}
