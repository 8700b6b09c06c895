// What only root can install comes from apt where we are root; elsewhere one sentence says what to install.
import { Failure, run, which } from '../../../scripts/lib/process.mjs';

const isRoot = () => process.getuid?.() === 0;

/** Sees to it that every command of { command: debianPackage } is on PATH. */
export async function ensureCommands(wanted, purpose, onLine) {
  const missing = Object.entries(wanted).filter(([command]) => !which(command));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(([, name]) => name))];
  if (!(await aptInstall(packages, onLine))) throw new Failure(`${purpose} needs ${installHint(packages)}`);
}

/** True when the packages were installed, false where apt-get is not there or not ours to use. */
export async function aptInstall(packages, onLine) {
  if (!isRoot() || !which('apt-get')) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-q'], { env, onLine });
  await run('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...packages], { env, onLine });
  return true;
}

export const installHint = (packages) => `${packages.join(', ')}: sudo apt-get install ${packages.join(' ')}`;
