// Cargo says itself where it put what it built: nobody else guesses at the target folder or a file's ending.
import { root } from './paths.mjs';
import { Failure, run } from './process.mjs';
import { step } from './steps.mjs';

/** Builds the `remit` binary and resolves with its path. `profile` is 'release' or 'dev'; `toolchain` is of another platform. */
export async function buildSidecar(profile, { triple, env } = {}) {
  const forWhom = triple ? [`--target=${triple}`] : [];
  const built = await step(`Build the sidecar (${[profile, triple].filter(Boolean).join(', ')})`, async (update) => {
    return { files: await cargoBuild(['--bin', 'remit', ...forWhom], profile, update, env) };
  });
  const binary = built.files.get('remit');
  if (!binary) throw new Failure('cargo built no binary named `remit`; sidecar/cli/Cargo.toml should name one');
  return binary;
}

/** Builds every example named `bench_*` beside the binary; resolves with name → path. */
export async function buildBenches() {
  const built = await step('Build the benchmarks (release)', async (update) => {
    return { files: await cargoBuild(['--workspace', '--bin', 'remit', '--examples'], 'release', update) };
  });
  return built.files;
}

async function cargoBuild(what, profile, onLine, env = {}) {
  const args = ['build', '--profile', profile, ...what, '--message-format=json-render-diagnostics'];
  const stdout = await run('cargo', args, { cwd: root, env: { ...process.env, ...env }, onLine, forPeople });
  return executablesIn(stdout);
}

const forPeople = (line) => !line.startsWith('{"reason"');

function executablesIn(messages) {
  const found = new Map();
  for (const line of messages.split('\n').filter((text) => text.startsWith('{'))) {
    const { reason, executable, target } = JSON.parse(line);
    if (reason === 'compiler-artifact' && executable) found.set(target.name, executable);
  }
  return found;
}
