// npm run wire [-- --check]: the TypeScript types of what crosses the wire, and the JSON schema by which an editor completes and checks
// a plan, out of the schema that the sidecar itself prints. With --check nothing is written, and a difference is a failure.
import fs from 'node:fs';
import path from 'node:path';
import { ensureDependencies } from './lib/dependencies.mjs';
import { inRoot } from './lib/paths.mjs';
import { Failure, run } from './lib/process.mjs';
import { buildSidecar } from './lib/sidecar.mjs';
import { planSchema } from './lib/plan-schema.mjs';
import { script } from './lib/steps.mjs';
import { wireTypes } from './lib/wire-types.mjs';

const TYPES = inRoot('extension', 'src', 'wire.generated.ts');
const PLAN = inRoot('extension', 'media', 'plan.schema.json');

await script(async (args) => {
  await ensureDependencies();
  const binary = await buildSidecar('dev');
  const schema = JSON.parse(await run(binary, ['schema']));
  const files = { [TYPES]: await wireTypes(schema), [PLAN]: planSchema(schema) };
  const use = args.includes('--check') ? check : write;
  for (const [file, text] of Object.entries(files)) use(file, text);
});

function write(file, text) {
  fs.writeFileSync(file, text);
  console.log(`wrote ${file}`);
}

function check(file, text) {
  const present = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const name = path.relative(inRoot(), file);
  if (present !== text) throw new Failure(`${name} is not what the sidecar says: run \`npm run wire\`, and commit the file`);
  console.log(`${name} is current`);
}
