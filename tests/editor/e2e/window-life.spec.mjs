// What happens to windows: they are reloaded, they show several repositories at once, and their board vanishes under them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { addWorktree, commitAll, git, makeRepo, writeFiles } from '../rig/repo.mjs';
import { scenario } from '../rig/scenario.mjs';
import { until } from '../rig/until.mjs';

const live = (editor, repo) => editor.remit(repo, 'sessions').result.sessions.filter((session) => session.live);

function board(editor, repo, ...modules) {
  assert.ok(editor.remit(repo, 'bootstrap').ok);
  for (const id of modules) assert.ok(editor.remit(repo, 'add-module', id, '--owned-path', `src/${id}`).ok);
}

scenario('a reloaded window is the same one, and holds what it held', async (editor) => {
  const repo = makeRepo(editor.path('repo'));
  board(editor, repo, 'cart');
  const window = await editor.open(repo, 'A');
  await window.container('Remit');
  await window.rowAction('Board', 'cart', 'Claim Module');
  await window.row('Board', /cart.*min left/).waitFor();
  const [before] = live(editor, repo);

  await editor.step('after a reload it finishes what it had claimed', async () => {
    await window.page.reload();
    await window.container('Remit');
    await window.row('Board', /cart.*min left/).waitFor();
    await until(() => live(editor, repo).some(({ epoch }) => epoch > before.epoch));
    assert.deepEqual(live(editor, repo).map(({ id }) => id), [before.id]);
    await window.rowAction('Board', /cart.*min left/, 'Finish Module');
    await until(() => editor.remit(repo, 'show', 'cart').result.module.status === 'done');
  });
});

scenario('a board that vanishes is made anew when somebody asks, and not before', async (editor) => {
  const repo = makeRepo(editor.path('repo'));
  board(editor, repo, 'cart');
  const window = await editor.open(repo, 'A');
  await window.container('Remit');
  await window.row('Board', 'cart').waitFor();

  await editor.step('git clean takes the board away, and the window says so', async () => {
    git(repo, 'clean', '-fdxq');
    await window.welcome('Board', 'Make a Board').waitFor();
    assert.ok(!fs.existsSync(path.join(repo, 'project-plan')));
  });

  await editor.step('a new board is an empty one', async () => {
    await window.welcome('Board', 'Make a Board').click();
    await window.welcome('Board', 'Add a Module').waitFor();
  });
});

scenario('a workspace of two repositories, one holding a worktree, keeps them apart', async (editor) => {
  const shop = makeRepo(editor.path('shop'));
  const tools = makeRepo(editor.path('tools'));
  const nested = addWorktree(shop, path.join(shop, 'trees', 'fix'), 'fix');
  writeFiles(nested, { 'src/cart/nested.rs': '// only here\n' });
  commitAll(nested, 'Only here');
  board(editor, shop, 'cart');
  board(editor, tools, 'search');
  const workspace = editor.path('all.code-workspace');
  fs.writeFileSync(workspace, JSON.stringify({ folders: [shop, tools, nested].map((folder) => ({ path: folder })) }));
  const window = await editor.open(workspace, 'W');

  await editor.step('each worktree is somebody of its own on its board', async () => {
    await window.container('Remit');
    for (const name of ['shop', 'tools', 'fix']) await window.row('Board', name).first().waitFor();
    await until(() => live(editor, shop).length === 2 && live(editor, tools).length === 1);
    assert.deepEqual(live(editor, shop).map(({ worktree }) => worktree).sort(), [shop, nested].sort());
  });

  await editor.step('a file of the nested worktree is told to its own sidecar alone', async () => {
    const mine = live(editor, shop).find(({ worktree }) => worktree === shop).agent;
    assert.ok(editor.remit(shop, 'claim', '--module', 'cart', '--agent-id', mine).ok);
    await window.openFile('nested.rs');
    await window.type('// in the nested worktree\n');
    const problems = await window.problems('This file belongs to module cart');
    await problems.first().waitFor();
    assert.equal(await problems.count(), 1);
  });
}, { settings: { 'files.autoSave': 'off' } });
