// The extension is two bundled files beside one binary; vsce packs the three, and nothing else that lies in the repository.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { replaceFile } from './files.mjs';
import { executable, inRoot, root } from './paths.mjs';
import { step } from './steps.mjs';

const BUNDLES = inRoot('extension', 'out');

/** Bundles, packs, and resolves with the path of a VSIX that carries `binary`. */
export async function packExtension(binary, vsix) {
  await bundle();
  replaceFile(binary, inRoot('extension', 'bin', executable));
  await step('Pack the extension', async () => {
    const contents = hashOf(packedFiles());
    if (fs.existsSync(vsix) && readStamp(vsix) === contents) return { note: 'current' };
    await pack(vsix);
    fs.writeFileSync(stampOf(vsix), contents);
  });
  return vsix;
}

/** Where a released VSIX goes: its name says the platform that its binary runs on. */
export function releasedVsix() {
  const { version } = JSON.parse(fs.readFileSync(inRoot('package.json'), 'utf8'));
  return inRoot('dist', `remit-${version}-${platformTarget()}.vsix`);
}

/** The tests' VSIX has a binary with debug assertions and never leaves this machine. */
export const testVsix = () => inRoot('dist', 'test', 'remit.vsix');

// The language client is nine tenths of the code, and reading it is most of what an activation costs: it is a file of its own,
// which is required when the first sidecar starts.
async function bundle() {
  const esbuild = await import('esbuild');
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
}

async function pack(vsix) {
  const { createVSIX } = await import('@vscode/vsce');
  fs.mkdirSync(path.dirname(vsix), { recursive: true });
  const partial = `${vsix}.partial`;
  await quietly(() =>
    createVSIX({
      cwd: root,
      target: platformTarget(),
      packagePath: partial,
      dependencies: false,
      allowMissingRepository: true,
      // The README's pictures are in the package; there is no page elsewhere that links could be rewritten to.
      rewriteRelativeLinks: false,
      skipLicense: true,
    }),
  );
  fs.renameSync(partial, vsix);
}

/** VS Code's name for the platform that this machine builds for. */
export function platformTarget() {
  const system = process.platform === 'linux' && isMusl() ? 'alpine' : process.platform;
  return `${system}-${process.arch === 'arm' ? 'armhf' : process.arch}`;
}

const isMusl = () => !process.report.getReport().header.glibcVersionRuntime;

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

function packedFiles() {
  const named = ['package.json', 'package.nls.json', '.vscodeignore', 'README.md', 'LICENSE'].map((name) => inRoot(name));
  const carried = [...filesUnder(BUNDLES), inRoot('extension', 'bin', executable), ...filesUnder(inRoot('extension', 'media'))];
  return [...named, ...carried].filter((file) => fs.existsSync(file));
}

function filesUnder(folder) {
  if (!fs.existsSync(folder)) return [];
  const entries = fs.readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name)).sort();
}

export function hashOf(files) {
  const hash = crypto.createHash('sha256');
  for (const file of files) hash.update(`${path.relative(root, file)}\0`).update(fs.readFileSync(file));
  return hash.digest('hex');
}

const stampOf = (vsix) => `${vsix}.contents`;
const readStamp = (vsix) => fs.existsSync(stampOf(vsix)) && fs.readFileSync(stampOf(vsix), 'utf8');
