// npm run package: a VSIX for this machine's platform, with the release binary in it.
import { ensureDependencies } from './lib/dependencies.mjs';
import { packExtension, releasedVsix } from './lib/extension.mjs';
import { buildSidecar } from './lib/sidecar.mjs';
import { script } from './lib/steps.mjs';

await script(async () => {
  await ensureDependencies();
  const vsix = await packExtension(await buildSidecar('release'), releasedVsix());
  console.log(vsix);
});
