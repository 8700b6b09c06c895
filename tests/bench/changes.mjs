// What looking at a large real worktree costs, beside git's own `status` in the same run.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { bigRepository } from './lib/big-repository.mjs';

const measure = path.join(path.dirname(process.env.REMIT_BIN), 'examples', 'measure_changes');
const { status } = spawnSync(measure, [bigRepository().repo], { stdio: 'inherit' });
process.exit(status ?? 1);
