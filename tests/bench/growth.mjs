// What a whole command costs as the board grows, beside the least that a program with SQLite could do; and many at once.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { makeRepo, scratchFolder } from '../editor/rig/repo.mjs';
import { figure, median, ms } from './lib/figures.mjs';

const PROCESSES = 16;
const ROUNDS = 12;
const remit = process.env.REMIT_BIN;
const floor = path.join(path.dirname(remit), 'examples', 'floor_sqlite');
const scratch = scratchFolder();
const database = path.join(scratch, 'floor.db');

function run(command, args, options) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  if (status !== 0 && status !== 3) throw new Error(`${command} ${args.join(' ')} exited ${status}: ${stderr}`);
  return stdout;
}

const timed = (work) => {
  const begun = performance.now();
  work();
  return performance.now() - begun;
};

/** A board of `size` modules, each needing the one eight before it, on which one agent is registered. */
function board(size, name = `repo-${size}`) {
  const repo = makeRepo(path.join(scratch, name));
  const modules = Array.from({ length: size }, (_, n) => ({
    id: `m${n}`, owned_paths: [`src/f${n}/**`], priority: n % 5, depends_on: n < size / 2 || n < 8 ? [] : [`m${n - 8}`],
  }));
  run(remit, ['bootstrap'], { cwd: repo });
  run(remit, ['import-plan', '-'], { cwd: repo, input: JSON.stringify({ modules }) });
  const agent = JSON.parse(run(remit, ['--json', 'init-agent', '--thread-key', 'bench'], { cwd: repo })).result.agent_id;
  return { cwd: repo, env: { ...process.env, REMIT_AGENT_ID: agent } };
}

function growth(size) {
  const at = board(size);
  const rounds = size > 10_000 ? 8 : 30;
  const times = { floor: [], 'claim-next': [], 'next-action': [] };
  for (let round = -1; round < rounds; round += 1) {
    const took = [
      ['floor', timed(() => run(floor, [database, String(round + 1)]))],
      ['claim-next', timed(() => run(remit, ['claim-next'], at))],
      ['next-action', timed(() => run(remit, ['next-action'], at))],
    ];
    if (round >= 0) for (const [name, time] of took) times[name].push(time);
  }
  const least = median(times.floor);
  for (const name of ['claim-next', 'next-action']) {
    const took = median(times[name]);
    figure(`${name}, ${size} modules`, ms(took), `floor ${ms(least)}, ratio ${(took / least).toFixed(1)}${aim(size)}`);
  }
}

const aim = (size) => ({ 1000: ' (aim 3)', 50_000: ' (aim 150 ms)' })[size] ?? '';

/** How long it takes until so many processes, all started at once, have ended. */
async function together(command, argsOf, options) {
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: PROCESSES }, (_, n) => new Promise((resolve, reject) => {
      const child = spawn(command, argsOf(n), { ...options, stdio: 'ignore' });
      child.once('error', reject).once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${command} exited ${code}`))));
    })),
  );
  return performance.now() - begun;
}

async function parallel() {
  const at = board(1000, 'parallel');
  const [ours, theirs] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(await together(remit, () => ['claim-next'], at));
    theirs.push(await together(floor, (n) => [database, String(n)], {}));
  }
  const [took, least] = [median(ours), median(theirs)];
  figure(`${PROCESSES} claim-next at once, 1000 modules`, ms(took), `SQLite alone ${ms(least)}, ${((100 * least) / took).toFixed(0)} % of its rate (aim 50 %)`);
}

run(floor, ['make', database]);
for (const size of [100, 1000, 10_000, 50_000]) growth(size);
await parallel();
fs.rmSync(scratch, { recursive: true, force: true });
