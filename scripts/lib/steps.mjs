// A newcomer waits through a first build: each step is one line that says what is going on, and how long it took.
import { Failure } from './process.mjs';

const live = process.stdout.isTTY;
const columns = () => process.stdout.columns ?? 80;
// eslint-disable-next-line no-control-regex
const ANSI = /\u001b\[[0-9;?]*[A-Za-z]/g;

export const withoutColour = (text) => text.replace(ANSI, '');

/**
 * Shows one line for `work`, which is called with `update(text)` for what it is doing at the moment. What it resolves
 * with is the step's value; `{ note }` in it replaces the time taken ("current").
 */
export async function step(title, work) {
  const begun = performance.now();
  process.stdout.write(`${title} … `);
  try {
    const value = await work((text) => update(title, text));
    finish(title, value?.note ?? seconds(performance.now() - begun));
    return value;
  } catch (error) {
    finish(title, 'failed');
    throw error;
  }
}

function update(title, text) {
  if (!live) return;
  const line = `${title} … ${withoutColour(text).trim()}`;
  process.stdout.write(`\r\u001b[2K${line.slice(0, columns() - 1)}`);
}

function finish(title, note) {
  process.stdout.write(`${live ? `\r\u001b[2K${title} … ` : ''}${note}\n`);
}

export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/** Runs a script's `main`; a failure meant for people is shown as a sentence, a defect with its stack. */
export async function script(main) {
  try {
    requireNode();
    process.exitCode = (await main(process.argv.slice(2))) ?? 0;
  } catch (error) {
    process.stderr.write(`\n${error instanceof Failure ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}

// As old as the oldest that every tool here runs on.
const NODE = [20, 19];

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE[0] || (major === NODE[0] && minor >= NODE[1])) return;
  throw new Failure(`Node.js ${NODE.join('.')} or newer is needed, and this is ${process.versions.node}: https://nodejs.org`);
}
