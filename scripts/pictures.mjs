// npm run pictures [-- NAME…]: takes a picture of every surface of the extension, light and dark, in the real editor, into
// screenshots/pictures/. Whether a surface is one to look at all day, no test can say: somebody has to look.
import path from 'node:path';
import { inEditor } from '../tests/editor/rig/scenario.mjs';
import * as needs from './lib/needs.mjs';
import { inRoot, root } from './lib/paths.mjs';
import { Failure } from './lib/process.mjs';
import { script } from './lib/steps.mjs';
import { Album } from './pictures/album.mjs';
import { Shop } from './pictures/shop.mjs';
import { SURFACES } from './pictures/surfaces.mjs';

const FOLDER = inRoot('screenshots', 'pictures');
const THEMES = { light: 'Default Light Modern', dark: 'Default Dark Modern' };
const LIMIT_MS = 600_000;
// At twice the size letters stay sharp where a picture is shown smaller.
const SCALE = 2;

await script(async (args) => {
  const [themes, names] = [args.filter((arg) => arg in THEMES), args.filter((arg) => !(arg in THEMES))];
  const wanted = SURFACES.filter(({ name }) => names.length === 0 || names.some((part) => name.includes(part)));
  if (wanted.length === 0) throw new Failure(`usage: npm run pictures [-- light|dark] [NAME…]   of ${SURFACES.map(({ name }) => name).join(', ')}`);
  await needs.vsix();
  await needs.editor();
  const missed = [];
  for (const theme of themes.length > 0 ? themes : Object.keys(THEMES)) missed.push(...await takeAll(theme, wanted));
  if (missed.length > 0) throw new Failure(`no picture of ${missed.join(', ')}`);
  console.log(path.relative(root, FOLDER));
});

/** Answers what did not appear. */
async function takeAll(theme, wanted) {
  const settings = { 'workbench.colorTheme': THEMES[theme], 'remit.agent.threadKey': 'sam', 'files.autoSave': 'off', 'remit.lease.seconds': 8 * 3600 };
  const missed = [];
  await inEditor(`pictures ${theme}`, async (editor) => {
    const shop = new Shop(process.env.REMIT_BIN, editor.path(), editor.profile.env);
    const album = new Album(editor, shop, path.join(FOLDER, theme));
    for (const surface of wanted) if (!(await album.take(surface))) missed.push(`${theme}/${surface.name}`);
  }, { settings, timeout: LIMIT_MS, scale: SCALE });
  return missed;
}
