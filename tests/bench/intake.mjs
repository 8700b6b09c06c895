// How long a project's parts take to be found, beside git's own walk over the same files.
import { spawnSync } from 'node:child_process';
import { bigRepository } from './lib/big-repository.mjs';
import { figure, median, ms } from './lib/figures.mjs';

const ROUNDS = 7;
const remit = process.env.REMIT_BIN;
const { repo, files } = bigRepository();

function timed(command, args) {
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: repo, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
  return { took: performance.now() - begun, stdout };
}

timed(remit, ['bootstrap']);
const [found, walked] = [[], []];
let parts = 0;
for (let round = 0; round < ROUNDS; round += 1) {
  const { took, stdout } = timed(remit, ['--json', 'intake']);
  found.push(took);
  parts = JSON.parse(stdout).result.modules.length;
  walked.push(timed('git', ['status', '--porcelain', '-uall']).took);
}
figure(`${parts} parts found among ${files} files`, ms(median(found)), `git status ${ms(median(walked))}`);
