// npm run wire [-- --check]: the TypeScript types of what crosses the wire, out of the schema that the sidecar itself prints. With
// --check nothing is written, and a difference is a failure.
import fs from 'node:fs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { inRoot } from './lib/paths.mjs';
import { Failure, run } from './lib/process.mjs';
import { buildSidecar } from './lib/sidecar.mjs';
import { script } from './lib/steps.mjs';
import { wireTypes } from './lib/wire-types.mjs';

const TYPES = inRoot('extension', 'src', 'wire.generated.ts');

await script(async (args) => {
  await ensureDependencies();
  const binary = await buildSidecar('dev');
  const types = await wireTypes(JSON.parse(await run(binary, ['schema'])));
  if (args.includes('--check')) return check(types);
  fs.writeFileSync(TYPES, types);
  console.log(`wrote ${TYPES}`);
});

function check(types) {
  const present = fs.existsSync(TYPES) ? fs.readFileSync(TYPES, 'utf8') : '';
  if (present !== types) throw new Failure('extension/src/wire.generated.ts is not what the sidecar says: run `npm run wire`, and commit the file');
  console.log('the wire types are current');
}
