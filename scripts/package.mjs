// npm run package [-- --target PLATFORM]: a VSIX for this machine's platform, or another's, with the release binary in it.
import fs from 'node:fs';
import path from 'node:path';
import { ensureDependencies } from './lib/dependencies.mjs';
import { packExtension, releasedVsix } from './lib/extension.mjs';
import { root } from './lib/paths.mjs';
import { Failure } from './lib/process.mjs';
import { buildSidecar } from './lib/sidecar.mjs';
import { script } from './lib/steps.mjs';
import { ownTarget, TARGETS, toolchainFor } from './lib/targets.mjs';

const USAGE = `usage: npm run package [-- --target PLATFORM]   one of ${Object.keys(TARGETS).join(', ')} (default: this machine's)`;

await script(async (args) => {
  if (args.includes('--help') || args.includes('-h')) return console.log(USAGE);
  const target = parse(args);
  const toolchain = target === ownTarget() ? undefined : await toolchainFor(target);
  await ensureDependencies();
  const vsix = await packExtension(await buildSidecar('release', toolchain), releasedVsix(target), target);
  console.log(`${path.relative(root, vsix)} (${(fs.statSync(vsix).size / 1e6).toFixed(1)} MB)`);
});

function parse(args) {
  if (args.length === 0) return ownTarget();
  const [option, value] = args.flatMap((arg) => (arg.startsWith('--target=') ? ['--target', arg.slice('--target='.length)] : [arg]));
  if (option !== '--target' || !value || args.length > 2) throw new Failure(USAGE);
  return value;
}
