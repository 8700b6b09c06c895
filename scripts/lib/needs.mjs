// What a stage of the tests stands on. Each is made once, when the first stage asks for it; where that fails, every stage that
// stands on it fails with the same sentence.
import { ensureChromium } from '../../tests/editor/rig/chromium.mjs';
import { ensureEditor } from '../../tests/editor/rig/install.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { packExtension, testVsix } from './extension.mjs';
import { buildSidecar } from './sidecar.mjs';
import { step } from './steps.mjs';

const made = new Map();
const once = (name, make) => () => {
  if (!made.has(name)) made.set(name, make());
  return made.get(name);
};

export const packages = once('packages', ensureDependencies);

/** The binary that the tests start: with debug assertions, and no release build to wait for. */
export const sidecar = once('sidecar', async () => {
  process.env.REMIT_BIN = await buildSidecar('dev');
  return process.env.REMIT_BIN;
});

export const vsix = once('vsix', async () => {
  await packages();
  process.env.REMIT_VSIX = await packExtension(await sidecar(), testVsix());
});

export const editor = once('editor', async () => {
  const installed = await step('Install the editor', ensureEditor);
  await step('Install Chromium', (update) => ensureChromium(installed, update));
});
