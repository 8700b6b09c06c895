// A machine without VS Code: the same workbench in the browser, on this machine's loopback address alone, until Ctrl-C.
import fs from 'node:fs';
import path from 'node:path';
import { ensureEditor } from '../../tests/editor/rig/install.mjs';
import { freePort, installExtension, personalProfile, startServer } from '../../tests/editor/rig/server.mjs';
import { hashOf } from './extension.mjs';
import { userData } from './paths.mjs';
import { step } from './steps.mjs';

// The workbench keeps a window's layout by its origin: the same port the next time keeps it.
const USUAL_PORT = 8743;
const PARENT_CHECK_MS = 1_000;

/** Serves `windows` ({ folder, file? }) and resolves when the user has stopped it. */
export async function openInBrowser(vsix, windows, demo) {
  const editor = await step('Install the workbench (the `code` command was not found)', ensureEditor);
  // The sample repository is ours; whether to trust a folder of their own is the user's to say.
  const profile = personalProfile(userData('workbench'), demo ? ['--disable-workspace-trust'] : []);
  await step('Install the extension', () => installOnce(editor, profile, vsix));
  const port = await freePort(USUAL_PORT).catch(() => freePort());
  const server = await step('Start the workbench', () => startServer(editor, profile, { port }));
  announce(server, windows);
  const reason = await stopRequest(server);
  console.log(`\n${reason}`);
  await server.stop();
  demo?.remove();
}

async function installOnce(editor, profile, vsix) {
  const stamp = path.join(profile.dir, 'installed-extension');
  const contents = hashOf([vsix]);
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === contents) return { note: 'current' };
  await installExtension(editor, profile, vsix);
  fs.writeFileSync(stamp, contents);
  return {};
}

function announce(server, windows) {
  const several = windows.length > 1;
  console.log(`\nOpen ${several ? 'each in a browser window of its own' : 'in a browser'}; whoever is logged in to this machine can. Ctrl-C stops it.`);
  for (const { title, folder, file } of windows) {
    console.log(`${title ? `\n${title}\n` : ''}  ${server.url(folder, file && openFile(server, file))}`);
  }
}

const openFile = ({ port }, file) => [['openFile', `vscode-remote://127.0.0.1:${port}${encodeURI(file)}`]];

// Ctrl-C reaches us by itself; when npm is killed instead, nobody would tell us but that our parent is gone.
function stopRequest(server) {
  const parent = process.ppid;
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve('Stopping.'));
    process.once('SIGTERM', () => resolve('Stopping.'));
    server.exited.then(() => resolve('The workbench has stopped by itself; see server.log in its data folder.'));
    const watch = setInterval(() => process.ppid !== parent && resolve('npm is gone: stopping.'), PARENT_CHECK_MS);
    watch.unref();
  });
}
