// npm start [-- FOLDER | --demo]: from a clone to a window with Remit in it.
import fs from 'node:fs';
import path from 'node:path';
import { makeDemo } from './demo/demo.mjs';
import { openInBrowser } from './lib/browser-workbench.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { codeCommand, openInCode } from './lib/desktop.mjs';
import { packExtension, releasedVsix } from './lib/extension.mjs';
import { placeBinary } from './lib/placement.mjs';
import { Failure } from './lib/process.mjs';
import { buildSidecar } from './lib/sidecar.mjs';
import { script } from './lib/steps.mjs';

const USAGE = 'usage: npm start [-- FOLDER]   open FOLDER (default: the current folder)\n       npm start -- --demo    two windows on a sample repository';

await script(async (args) => {
  const wanted = parse(args);
  if (wanted.help) return console.log(USAGE);
  await ensureDependencies();
  const binary = await buildSidecar('release');
  const vsix = await packExtension(binary, releasedVsix());
  const placed = await placeBinary(binary);
  const demo = wanted.demo ? await makeDemo(placed) : null;
  const windows = demo?.windows ?? [{ folder: wanted.folder }];
  const code = codeCommand();
  return code ? openInCode(code, vsix, windows) : openInBrowser(vsix, windows, demo);
});

function parse(args) {
  if (args.includes('--help') || args.includes('-h')) return { help: true };
  const folders = args.filter((arg) => arg !== '--demo');
  const demo = folders.length < args.length;
  const unknown = folders.find((arg) => arg.startsWith('-'));
  if (unknown || folders.length > 1 || (demo && folders.length > 0)) throw new Failure(USAGE);
  return { demo, folder: demo ? null : existingFolder(folders[0] ?? '.') };
}

// npm changes to the project's folder; INIT_CWD is where the user typed the command.
function existingFolder(name) {
  const folder = path.resolve(process.env.INIT_CWD ?? process.cwd(), name);
  if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new Failure(`${folder} is not a folder`);
  return fs.realpathSync(folder);
}
