// What a package carries. What lies in the repository is more every month, and a file that got into a package by accident is
// with everybody who installed it: so a package is put together from this list, and a file that is not on it is refused.
import fs from 'node:fs';
import path from 'node:path';
import { replaceFile } from './files.mjs';
import { inRoot } from './paths.mjs';
import { Failure } from './process.mjs';
import { standalone } from './readme.mjs';

const PROGRAM = /^extension\/bin\/remit(\.exe)?$/;
const CARRIED = [
  /^package(\.nls)?\.json$/,
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE$/,
  /^extension\/out\/\w+\.(js|css)$/,
  PROGRAM,
  /^extension\/media\/[\w.-]+\.(svg|png)$/,
  /^extension\/media\/plan\.schema\.json$/,
  /^extension\/media\/(help|walkthrough)\/[\w.-]+\.(md|svg|png)$/,
];
const NEEDED = [
  ...['package.json', 'package.nls.json', 'README.md', 'CHANGELOG.md', 'LICENSE'],
  ...['extension/out/main.js', 'extension/out/client.js', 'extension/out/graph.js', 'extension/out/graph.css', 'extension/media/icon.png', 'extension/media/remit.svg', 'extension/media/plan.schema.json'],
];

/** What is wrong with a list of a package's files: those that do not belong, and those that it can not do without. */
export function faultsOf(files) {
  const surplus = files.filter((file) => !CARRIED.some((allowed) => allowed.test(file)));
  const missing = NEEDED.filter((file) => !files.includes(file));
  const programs = files.filter((file) => PROGRAM.test(file)).length;
  return [
    ...surplus.map((file) => `${file} does not belong in the package`),
    ...missing.map((file) => `${file} is missing in the package`),
    ...(programs === 1 ? [] : [`the package has ${programs} sidecars instead of one`]),
  ];
}

/** Lays out in `stage` the files of a package whose sidecar is `binary`, under the name `program`. */
export async function layOut(stage, binary, program) {
  fs.rmSync(stage, { recursive: true, force: true });
  for (const file of sources()) copy(inRoot(file), path.join(stage, file));
  replaceFile(binary, path.join(stage, 'extension', 'bin', program));
  fs.writeFileSync(path.join(stage, 'README.md'), standalone(fs.readFileSync(inRoot('README.md'), 'utf8'), inRoot()));
  await refuseFaults(stage);
}

/** What `vsce ls` says of a folder. */
export async function listed(folder) {
  const { listFiles, PackageManager } = await import('@vscode/vsce');
  return (await listFiles({ cwd: folder, packageManager: PackageManager.None })).sort();
}

async function refuseFaults(stage) {
  const faults = faultsOf(await listed(stage));
  if (faults.length > 0) throw new Failure([...faults, 'nothing was packed; scripts/lib/contents.mjs says what a package carries'].join('\n'));
}

// A dot file never is anybody's page or picture: an editor's or a system's leavings.
function sources() {
  const named = ['package.json', 'package.nls.json', '.vscodeignore', 'CHANGELOG.md', 'LICENSE'];
  return [...named, ...filesUnder('extension/out'), ...filesUnder('extension/media')];
}

function filesUnder(folder) {
  const entries = fs.readdirSync(inRoot(folder), { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'));
  return files.map((entry) => path.relative(inRoot(), path.join(entry.parentPath, entry.name))).sort();
}

function copy(from, to) {
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.copyFileSync(from, to);
}
