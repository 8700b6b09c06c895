// The stages of `npm test`, in order. To add one, add an entry: a name, what it stands on, what it runs, how it counts.
import fs from 'node:fs';
import path from 'node:path';
import * as counts from './counts.mjs';
import * as failures from './failures.mjs';
import * as needs from './needs.mjs';
import { inRoot } from './paths.mjs';
import { attempt, Failure } from './process.mjs';

const LOGS = inRoot('target', 'test-logs');
const logFile = (name, kind = 'log') => path.join(LOGS, `${name}.${kind}`);

export const STAGES = [
  check('fmt', [], 'cargo', ['fmt', '--all', '--check']),
  check('clippy', [], 'cargo', ['clippy', '--workspace', '--all-targets', '--', '-D', 'warnings']),
  { name: 'rust', needs: [], run: rustTests },
  { name: 'doctest', needs: [], run: docTests },
  check('wire', [needs.packages, needs.sidecar], process.execPath, [inRoot('scripts', 'wire.mjs'), '--check']),
  check('types', [needs.packages], process.execPath, [tool('typescript', 'bin', 'tsc'), '--noEmit']),
  check('page types', [needs.packages], process.execPath, [tool('typescript', 'bin', 'tsc'), '--noEmit', '-p', 'extension/src/graph/page']),
  check('lint', [needs.packages], process.execPath, [tool('eslint', 'bin', 'eslint.js'), '--max-warnings=0', '.']),
  { name: 'process', needs: [needs.packages, needs.sidecar], run: () => nodeTests('process', inRoot('tests'), '.test.mjs') },
  { name: 'inhost', needs: [needs.vsix, needs.editor], run: inHostTests },
  { name: 'e2e', needs: [needs.vsix, needs.editor], run: () => nodeTests('e2e', inRoot('tests', 'editor', 'e2e'), '.spec.mjs') },
];

/** Runs one stage to its end, whatever happens: { name, passed, failed, ms, failures?, why? }. */
export async function runStage({ name, needs: wanted, run }) {
  const begun = performance.now();
  console.log(`\n── ${name} ──`);
  const result = await attemptStage(wanted, run);
  return { name, ...result, ms: performance.now() - begun };
}

async function attemptStage(wanted, run) {
  try {
    for (const need of wanted) await need();
    return await run();
  } catch (error) {
    console.log(error instanceof Failure ? error.message : error.stack);
    return { passed: 0, failed: 1, why: error.message.split('\n')[0] };
  }
}

function check(name, wanted, command, args) {
  return { name, needs: wanted, run: async () => counts.whole((await stream(name, command, args)).code) };
}

async function rustTests() {
  const { code: nextest } = await attempt('cargo', ['nextest', '--version']);
  const [args, count, failed] =
    nextest === 0
      ? [['nextest', 'run', '--workspace', '--no-fail-fast', '--no-tests=pass'], counts.nextest, failures.nextest]
      : [['test', '--workspace', '--lib', '--bins', '--tests', '--no-fail-fast'], counts.libtest, failures.libtest];
  const { code, output } = await stream('rust', 'cargo', args);
  return { ...counts.agreed(count(output), code), failures: failed(output) };
}

// nextest runs no documentation tests.
async function docTests() {
  const { code, output } = await stream('doctest', 'cargo', ['test', '--workspace', '--doc', '--no-fail-fast']);
  return { ...counts.agreed(counts.libtest(output), code), failures: failures.libtest(output) };
}

async function nodeTests(name, folder, ending) {
  const files = filesUnder(folder, ending);
  if (files.length === 0) return { passed: 0, failed: 0 };
  const tap = logFile(name, 'tap');
  const { code } = await stream(name, process.execPath, [
    ...['--test', '--test-concurrency=1', `--test-timeout=${testMinutes() * 60_000}`],
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...['--test-reporter=tap', `--test-reporter-destination=${tap}`],
    ...files,
  ]);
  const output = fs.readFileSync(tap, 'utf8');
  return { ...counts.agreed(counts.tap(output), code), failures: failures.tap(output) };
}

// Longer than any test takes: for one that hangs.
const testMinutes = () => (process.env.REMIT_SOAK ? 120 : 10);

async function inHostTests() {
  const results = logFile('inhost', 'json');
  fs.rmSync(results, { force: true });
  const { code } = await stream('inhost', process.execPath, [inRoot('tests', 'editor', 'rig', 'inhost.mjs'), results]);
  if (!fs.existsSync(results)) return counts.agreed(null, code);
  const output = fs.readFileSync(results, 'utf8');
  return { ...counts.agreed(counts.mocha(output), code), failures: failures.mocha(output) };
}

/** Runs a program, shows what it prints, and keeps it in the stage's log. */
async function stream(name, command, args) {
  const file = logFile(name);
  fs.mkdirSync(LOGS, { recursive: true });
  const colour = process.stdout.isTTY ? { FORCE_COLOR: '1', CARGO_TERM_COLOR: 'always' } : {};
  const env = { ...process.env, ...colour };
  const { code } = await attempt(command, args, { cwd: inRoot(), env, logFile: file, onLine: (line) => console.log(line) });
  return { code, output: fs.readFileSync(file, 'utf8') };
}

function tool(name, ...file) {
  return inRoot('node_modules', name, ...file);
}

function filesUnder(folder, ending) {
  if (!fs.existsSync(folder)) return [];
  const names = fs.readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(ending));
  return names.filter((name) => !name.includes('node_modules')).map((name) => path.join(folder, name)).sort();
}

export const logOf = (name) => path.relative(inRoot(), logFile(name));
