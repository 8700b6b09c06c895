// What a person waits for in the real editor: the extension's own start, and somebody else's commit as a squiggle here.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { packExtension } from '../../scripts/lib/extension.mjs';
import { editor as editorIsThere, packages } from '../../scripts/lib/needs.mjs';
import { inRoot } from '../../scripts/lib/paths.mjs';
import { makeRepo } from '../editor/rig/repo.mjs';
import { inEditor } from '../editor/rig/scenario.mjs';
import { figure, median, ms, quantile } from './lib/figures.mjs';

const ROUNDS = 60;
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
  await window.openFile('src/cart/total.rs');
  const times = [];
  for (let at = 0; at < ROUNDS; at += 1) {
    const shown = window.whenSquiggles(true);
    const { stdout } = await run('claim', '--module', 'cart', '--agent-id', other);
    const { lease } = JSON.parse(stdout).result;
    times.push((await shown) - (Date.parse(lease.expires_at) - lease.ttl_seconds * 1000));
    const gone = window.whenSquiggles(false);
    await run('release', '--module', 'cart', '--agent-id', other);
    await gone;
  }
  figure('a claim elsewhere, from its decision to the squiggle here', ms(median(times)), `p99 ${ms(quantile(times, 0.99))} (aim p99 150 ms)`);
  figure('activation of the extension', `${await window.activation('Remit')} ms`, 'aim 50 ms');
}, { timeout: 300_000 });
