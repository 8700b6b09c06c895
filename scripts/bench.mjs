// npm run bench [-- NAME…]: prints figures, side by side with their floors. A benchmark is found by its name: an example
// `bench_*` of any crate, or a script in tests/bench. Adding the file is all there is to adding one.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { executable, inRoot, root } from './lib/paths.mjs';
import { Failure } from './lib/process.mjs';
import { buildBenches } from './lib/sidecar.mjs';
import { script } from './lib/steps.mjs';

await script(async (wanted) => {
  const built = await buildBenches();
  const benches = chosen([...examples(built), ...scripts()], wanted);
  const env = { ...process.env, REMIT_BIN: built.get('remit') ?? inRoot('target', 'release', executable) };
  const failed = [];
  for (const bench of benches) {
    console.log(`\n── ${bench.name} ──`);
    if ((await show(bench, env)) !== 0) failed.push(bench.name);
  }
  if (failed.length > 0) throw new Failure(`failed: ${failed.join(', ')}`);
});

function examples(built) {
  const names = [...built.keys()].filter((name) => name.startsWith('bench_')).sort();
  return names.map((name) => ({ name, command: built.get(name), args: [] }));
}

function scripts() {
  const folder = inRoot('tests', 'bench');
  const files = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.mjs')).sort() : [];
  return files.map((file) => ({ name: path.basename(file, '.mjs'), command: process.execPath, args: [path.join(folder, file)] }));
}

function chosen(benches, wanted) {
  const unknown = wanted.find((name) => !benches.some((bench) => bench.name === name));
  if (unknown) throw new Failure(`there is no benchmark ${unknown}; there are ${benches.map(({ name }) => name).join(', ')}`);
  return wanted.length === 0 ? benches : benches.filter(({ name }) => wanted.includes(name));
}

function show({ command, args }, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: 'inherit' });
    child.once('error', reject).once('close', (code, signal) => resolve(code ?? signal));
  });
}
