// What a person waits for in the real editor: the extension's own start, and somebody else's commit as a squiggle here. A second
// sidecar of the same window's kind says how much of that is Remit's own: the rest is the workbench.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { packExtension } from '../../scripts/lib/extension.mjs';
import { editor as editorIsThere, packages } from '../../scripts/lib/needs.mjs';
import { inRoot } from '../../scripts/lib/paths.mjs';
import { makeRepo } from '../editor/rig/repo.mjs';
import { inEditor } from '../editor/rig/scenario.mjs';
import { atRest } from './lib/at-rest.mjs';
import { figure, median, ms, quantile } from './lib/figures.mjs';
import { LspClient } from './lib/lsp-client.mjs';

const ROUNDS = 60;
const FILE = 'src/cart/total.rs';
const remit = process.env.REMIT_BIN;

await packages();
await editorIsThere();
process.env.REMIT_VSIX = await packExtension(remit, inRoot('dist', 'bench', 'remit.vsix'));

await inEditor('figures from the real editor', async (editor) => {
  const repo = makeRepo(editor.path('repo'));
  const run = (...args) => promisify(execFile)(remit, ['--json', ...args], { cwd: repo, env: editor.profile.env });
  await run('bootstrap');
  await run('add-module', 'cart', '--owned-path', 'src/cart');
  const { agent_id: other } = JSON.parse((await run('init-agent', '--thread-key', 'other', '--window-id', 'other')).stdout).result;

  const window = await editor.open(repo, 'A');
  await window.container('Remit');
  // A claim before the sidecar has told its first board would measure the start of the window.
  await window.row('Board', 'cart').first().waitFor();
  await window.openFile(FILE);
  const beside = new LspClient(remit, repo, editor.profile.env);
  await beside.initialize();
  beside.open(FILE, fs.readFileSync(path.join(repo, FILE), 'utf8'));

  /** From the decision of a claim until it is told to a window, and until it is drawn in one. */
  async function round() {
    beside.forget();
    const [shown, told] = [window.whenSquiggles(true), beside.diagnostics(FILE, (list) => list.length > 0)];
    const { lease } = JSON.parse((await run('claim', '--module', 'cart', '--agent-id', other)).stdout).result;
    const decided = Date.parse(lease.expires_at) - lease.ttl_seconds * 1000;
    const times = { shown: (await shown) - decided, told: performance.timeOrigin + (await told).at - decided };
    const gone = window.whenSquiggles(false);
    await run('release', '--module', 'cart', '--agent-id', other);
    await gone;
    return times;
  }

  const first = await round();
  await atRest(window.page);
  const rounds = [];
  while (rounds.length < ROUNDS) rounds.push(await round());
  const figures = (times) => [ms(median(times)), `p99 ${ms(quantile(times, 0.99))}`];
  const [drawn, told] = ['shown', 'told'].map((moment) => figures(rounds.map((one) => one[moment])));
  figure('a claim elsewhere, from its decision to the squiggle here', drawn[0], `${drawn[1]} (aim p99 150 ms)`);
  figure('… of that until a sidecar has told it', told[0], told[1]);
  figure('… the first, while the workbench still loads', ms(first.shown), `${ms(first.told)} until a sidecar has told it`);
  figure('activation of the extension, while the workbench loads', `${await window.activation('Remit')} ms`, 'aim 50 ms');
  await beside.stop();
}, { timeout: 300_000 });
