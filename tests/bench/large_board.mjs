// How soon the Board view of the real editor shows what changed on a board of five thousand modules.
import { execFileSync } from 'node:child_process';
import { packExtension } from '../../scripts/lib/extension.mjs';
import { editor as editorIsThere, packages } from '../../scripts/lib/needs.mjs';
import { inRoot } from '../../scripts/lib/paths.mjs';
import { makeRepo } from '../editor/rig/repo.mjs';
import { inEditor } from '../editor/rig/scenario.mjs';
import { atRest } from './lib/at-rest.mjs';
import { figure, median, ms, quantile } from './lib/figures.mjs';
import { LspClient } from './lib/lsp-client.mjs';

const MODULES = 5000;
const ROUNDS = 60;
const remit = process.env.REMIT_BIN;

await packages();
await editorIsThere();
process.env.REMIT_VSIX = await packExtension(remit, inRoot('dist', 'bench', 'remit.vsix'));

await inEditor('figures of a large board', async (editor) => {
  const repo = makeRepo(editor.path('repo'));
  const { env } = editor.profile;
  const run = (args, input) => execFileSync(remit, args, { cwd: repo, env, input });
  const modules = Array.from({ length: MODULES - 1 }, (_, n) => ({ id: `m${n}`, owned_paths: [`src/f${n}`], priority: 1 + (n % 4) }));
  run(['bootstrap']);
  run(['import-plan', '-'], JSON.stringify({ modules: [{ id: 'first', priority: 0 }, ...modules] }));

  const window = await editor.open(repo, 'A');
  await window.container('Remit');
  await window.only('Board');
  await window.row('Board', 'first').first().waitFor();
  const other = new LspClient(remit, repo, env);
  await other.initialize();
  await atRest(window.page);

  /** From the question that changes a module until its row says so, after a calm. */
  async function round(title) {
    await atRest(window.page, 500);
    const shown = window.whenRow(title);
    const asked = Date.now();
    const answer = await other.command('edit-module', { id: 'first', title });
    if (!answer.ok) throw new Error(JSON.stringify(answer));
    return (await shown) - asked;
  }

  const rounds = [];
  while (rounds.length < ROUNDS) rounds.push(await round(`round ${rounds.length}.`));
  figure(`a change on a board of ${MODULES} modules, until its row is drawn`, ms(median(rounds)), `p99 ${ms(quantile(rounds, 0.99))} (aim 100 ms)`);
  await other.stop();
}, { timeout: 300_000 });
