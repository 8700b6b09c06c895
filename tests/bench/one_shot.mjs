// A whole command, from starting the process to its end, beside the least that any program could do.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { makeRepo, scratchFolder } from '../editor/rig/repo.mjs';
import { figure, median, ms } from './lib/figures.mjs';

const RUNS = 200;
const remit = process.env.REMIT_BIN;
const floor = path.join(path.dirname(remit), 'examples', 'floor_sqlite');
const scratch = scratchFolder();

function run(command, args, options) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} exited ${status}`);
  return stdout;
}

/** One warm-up each, then in turn, so that both meet the same moods of the machine. */
function pairs(ours, theirs) {
  const times = [[], []];
  for (let at = -1; at < RUNS; at += 1) {
    [ours, theirs].forEach((work, which) => {
      const begun = performance.now();
      work(at + 1);
      if (at >= 0) times[which].push(performance.now() - begun);
    });
  }
  return times.map(median);
}

function claims(modules, scopes) {
  const repo = makeRepo(path.join(scratch, `repo-${modules}-${scopes}`));
  const remitIn = (args, input) => run(remit, args, { cwd: repo, input });
  remitIn(['bootstrap']);
  const plan = Array.from({ length: modules }, (_, n) => ({ id: `m${n}`, owned_paths: [`src/f${n}/**`] }));
  remitIn(['import-plan', '-'], JSON.stringify({ modules: plan }));
  const agent = JSON.parse(remitIn(['--json', 'init-agent', '--thread-key', 'bench'])).result.agent_id;
  const database = path.join(scratch, `floor-${modules}.db`);
  run(floor, ['make', database]);
  const env = { ...process.env, REMIT_AGENT_ID: agent };
  return pairs(
    (at) => run(remit, ['claim', '--module', `m${at % modules}`], { cwd: repo, env }),
    (at) => run(floor, [database, String(at % 1000)]),
  );
}

for (const modules of [10, 300, 1000]) {
  const [ours, least] = claims(modules);
  figure(`claim, ${modules} modules, projections included`, ms(ours), `floor ${ms(least)}, ratio ${(ours / least).toFixed(2)} (aim 2)`);
}
const [nothing, empty] = pairs(() => run(remit, ['--version']), () => run('/bin/true', []));
figure('starting remit for nothing', ms(nothing), `/bin/true ${ms(empty)}`);
fs.rmSync(scratch, { recursive: true, force: true });
