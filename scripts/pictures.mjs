// npm run pictures [-- NAME…]: takes a picture of every surface of the extension, light and dark, in the real editor, into
// screenshots/pictures/. Whether a surface is one to look at all day, no test can say: somebody has to look.
// npm run pictures -- --docs: takes those anew that stand in the documentation, into docs/pictures/.
import path from 'node:path';
import { inEditor } from '../tests/editor/rig/scenario.mjs';
import * as needs from './lib/needs.mjs';
import { inRoot, root } from './lib/paths.mjs';
import { Failure } from './lib/process.mjs';
import { script } from './lib/steps.mjs';
import { Album } from './pictures/album.mjs';
import { IN_DOCS } from './pictures/docs.mjs';
import { Shop } from './pictures/shop.mjs';
import { SURFACES } from './pictures/surfaces.mjs';

const FOLDER = inRoot('screenshots', 'pictures');
const DOCS = inRoot('docs', 'pictures');
const THEMES = { light: 'Default Light Modern', dark: 'Default Dark Modern' };
const LIMIT_MS = 600_000;
// At twice the size letters stay sharp where a picture is shown smaller.
const SCALE = 2;

await script(async (args) => {
  const docs = args.includes('--docs');
  const themes = args.filter((arg) => arg in THEMES);
  const names = args.filter((arg) => arg !== '--docs' && !themes.includes(arg));
  const isWanted = (name) => (!docs || name in IN_DOCS) && (names.length === 0 || names.some((part) => name.includes(part)));
  const wanted = SURFACES.filter(({ name }) => isWanted(name));
  if (wanted.length === 0) throw new Failure(`usage: npm run pictures [-- [light|dark] [--docs] [NAME…]]   of ${SURFACES.map(({ name }) => name).join(', ')}`);
  await needs.vsix();
  await needs.editor();
  const missed = [];
  for (const theme of themes.length > 0 ? themes : Object.keys(THEMES)) missed.push(...await takeAll(theme, wanted, docs));
  if (missed.length > 0) throw new Failure(`no picture of ${missed.join(', ')}`);
  console.log(path.relative(root, docs ? DOCS : FOLDER));
});

/** Answers what did not appear. */
async function takeAll(theme, wanted, docs) {
  const settings = { 'workbench.colorTheme': THEMES[theme], 'remit.agent.threadKey': 'sam', 'files.autoSave': 'off', 'remit.lease.seconds': 8 * 3600 };
  // It would lie over the handoff that it tells of.
  if (docs) settings['remit.notifications.handoff'] = false;
  const missed = [];
  await inEditor(`pictures ${theme}`, async (editor) => {
    const shop = new Shop(process.env.REMIT_BIN, editor.path(), editor.profile.env);
    const frame = docs ? (name) => forDocs(name, theme) : (name) => ({ file: path.join(FOLDER, theme, `${name}.png`) });
    const album = new Album(editor, shop, frame);
    for (const surface of wanted) if (!(await album.take(surface))) missed.push(`${theme}/${surface.name}`);
  }, { settings, timeout: LIMIT_MS, scale: SCALE });
  return missed;
}

function forDocs(name, theme) {
  const { as, height } = IN_DOCS[name];
  return { file: path.join(DOCS, `${as}-${theme}.png`), height };
}
