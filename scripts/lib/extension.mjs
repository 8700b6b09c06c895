// The extension is a few bundled files beside one binary; vsce packs what belongs to it, and nothing else that lies in the repository.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { layOut, listed } from './contents.mjs';
import { inRoot, root } from './paths.mjs';
import { step } from './steps.mjs';
import { ownTarget, programOf } from './targets.mjs';

const BUNDLES = inRoot('extension', 'out');

/** Bundles, packs, and resolves with the path of a VSIX for `target` that carries `binary`. */
export async function packExtension(binary, vsix, target = ownTarget()) {
  await bundle();
  const stage = `${vsix}.stage`;
  await step('Pack the extension', async () => {
    await layOut(stage, binary, programOf(target));
    const contents = hashOf((await listed(stage)).map((file) => path.join(stage, file)));
    if (fs.existsSync(vsix) && readStamp(vsix) === contents) return { note: 'current' };
    await pack(stage, vsix, target);
    fs.writeFileSync(stampOf(vsix), contents);
  });
  fs.rmSync(stage, { recursive: true, force: true });
  return vsix;
}

/** Where a released VSIX goes: its name says the version, and the platform that its binary runs on. */
export function releasedVsix(target = ownTarget()) {
  const { name, version } = JSON.parse(fs.readFileSync(inRoot('package.json'), 'utf8'));
  return inRoot('dist', `${name}-${version}-${target}.vsix`);
}

/** The tests' VSIX has a binary with debug assertions and never leaves this machine. */
export const testVsix = () => inRoot('dist', 'test', 'remit.vsix');

// The language client is nine tenths of the code, and reading it is most of what an activation costs: it is a file of its own,
// which is required when the first sidecar starts.
export async function bundle() {
  const esbuild = await import('esbuild');
  // A bundle that has another name by now would be packed for ever.
  fs.rmSync(BUNDLES, { recursive: true, force: true });
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: { main: 'extension/src/main.ts', client: 'extension/src/sidecar/client.ts' },
    outdir: BUNDLES,
    bundle: true,
    minify: true,
    keepNames: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['vscode', './client.js'],
    supported: { 'dynamic-import': false },
    logLevel: 'warning',
  });
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['main.ts', 'graph.css'].map((file) => ({ in: `extension/src/graph/page/${file}`, out: 'graph' })),
    outdir: BUNDLES,
    bundle: true,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    logLevel: 'warning',
  });
}

async function pack(stage, vsix, target) {
  const { createVSIX } = await import('@vscode/vsce');
  fs.mkdirSync(path.dirname(vsix), { recursive: true });
  const partial = `${vsix}.partial`;
  await quietly(() =>
    createVSIX({
      cwd: stage,
      target,
      packagePath: partial,
      dependencies: false,
      allowMissingRepository: true,
      // No link or picture is left that leads elsewhere; see readme.mjs.
      rewriteRelativeLinks: false,
    }),
  );
  fs.renameSync(partial, vsix);
}

// vsce reports on standard output; here a step is one line, and its errors are thrown.
async function quietly(work) {
  const { log, info } = console;
  console.log = console.info = () => {};
  try {
    return await work();
  } finally {
    Object.assign(console, { log, info });
  }
}

export function hashOf(files) {
  const hash = crypto.createHash('sha256');
  for (const file of files) hash.update(`${path.relative(root, file)}\0`).update(fs.readFileSync(file));
  return hash.digest('hex');
}

const stampOf = (vsix) => `${vsix}.contents`;
const readStamp = (vsix) => fs.existsSync(stampOf(vsix)) && fs.readFileSync(stampOf(vsix), 'utf8');
