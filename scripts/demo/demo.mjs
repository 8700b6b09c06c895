// A newcomer should meet a claim, a conflict and a handoff within a minute: a sample repository with two worktrees, and a
// board on which two agents are at work already.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { addWorktree, makeRepo, scratchFolder } from '../../tests/editor/rig/repo.mjs';
import { Failure } from '../lib/process.mjs';
import { step } from '../lib/steps.mjs';

const SAMPLE = fileURLToPath(new URL('sample/', import.meta.url));
const INVOICE = 'shop/billing/invoice.py';
const PLAN = fileURLToPath(new URL('plan.json', import.meta.url));
// The demo should look the same after lunch.
const LEASE = ['--ttl-seconds', String(8 * 3600)];

/** Makes the sample and resolves with { windows: [{ title, folder, file }], remove() }. */
export async function makeDemo(remit) {
  const demo = await step('Make the sample repository', async () => {
    const folder = scratchFolder('remit-demo-');
    const main = makeRepo(path.join(folder, 'corner-shop'), readTree(SAMPLE));
    const linked = addWorktree(main, path.join(folder, 'corner-shop-billing'), 'billing');
    return { folder, main, linked };
  });
  await step('Put two agents to work on it', async () => fillBoard(remit, demo));
  return { windows: windowsOn(demo), remove: () => fs.rmSync(demo.folder, { recursive: true, force: true }) };
}

function windowsOn({ main, linked }) {
  return [
    { title: 'The main worktree: you changed a file that Ada holds, and Bob offers you his work.', folder: main, file: path.join(main, INVOICE) },
    { title: 'The linked worktree, where Ada works on the invoice.', folder: linked, file: path.join(linked, INVOICE) },
  ];
}

function fillBoard(remit, { main, linked }) {
  const inMain = terminal(remit, main);
  inMain('bootstrap');
  inMain('import-plan', PLAN);
  const bob = agent(inMain, 'bob');
  work(bob, 'money');
  bob('finish', '--module', 'money');
  work(agent(terminal(remit, linked), 'ada'), 'billing');
  edit(linked, INVOICE, 'TAX = 0.19', 'TAX = {"books": 0.07, "others": 0.19}');
  work(bob, 'search');
  offer(bob, 'search');
  edit(main, INVOICE, 'TAX = 0.19', 'TAX = 0.20');
}

const work = (agent, module) => agent('claim', '--module', module, ...LEASE);

function offer(agent, module) {
  agent(
    ...['handoff-bundle', '--module', module, '--to', 'workers'],
    ...['--summary', 'Exact words are found; typing errors are not forgiven yet.'],
    ...['--next-step', 'Allow one wrong letter in words() of shop/search/query.py.'],
    ...['--next-step', 'Measure it on ten thousand titles.'],
  );
}

/** A shell in `folder`: calls `remit` and answers the result. */
function terminal(remit, folder) {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('REMIT_'));
  const env = Object.fromEntries(inherited);
  return (...args) => {
    try {
      return JSON.parse(execFileSync(remit, ['--json', ...args], { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' })).result;
    } catch (error) {
      throw new Failure(`remit ${args.join(' ')} failed on the sample repository:\n${error.stdout || error.stderr || error.message}`);
    }
  };
}

function agent(shell, name) {
  const { agent_id: id } = shell('init-agent', '--thread-key', name);
  return (...args) => shell('--agent-id', id, ...args);
}

function edit(folder, name, from, to) {
  const file = path.join(folder, name);
  const text = fs.readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`the sample's ${name} has no line ${from}`);
  fs.writeFileSync(file, text.replace(from, to));
}

function readTree(folder) {
  const entries = fs.readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => path.join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((file) => [path.relative(folder, file), fs.readFileSync(file, 'utf8')]));
}
