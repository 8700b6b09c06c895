// When Remit wakes up without being called: in a repository, also below its root and in a linked worktree, and nowhere else.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { addWorktree, makeRepo } from '../rig/repo.mjs';
import { scenario } from '../rig/scenario.mjs';

scenario('a window of a repository joins its board by itself, one of no repository sleeps', async (editor) => {
  const repo = makeRepo(editor.path('repo'));
  const linked = addWorktree(repo, editor.path('repo-fix'), 'fix');
  assert.ok(editor.remit(repo, 'bootstrap').ok);
  const loose = editor.path('loose');
  fs.mkdirSync(loose);
  for (const [name, folder, item] of [['root', repo, 'repo#1'], ['below', editor.path('repo', 'src', 'cart'), 'repo#2'], ['linked', linked, 'repo-fix#1']]) {
    await editor.step(`${name} joins`, async () => {
      const window = await editor.open(folder, name);
      await window.statusItem(item).waitFor();
    });
  }
  await editor.step('a folder of no repository starts nothing, until somebody opens the view', async () => {
    const window = await editor.open(loose, 'loose');
    await window.container('Explorer');
    assert.equal(await window.statusItem('Remit').count(), 0);
    await window.container('Remit');
    await window.welcome('Board', 'Make a Board').waitFor();
    assert.deepEqual(fs.readdirSync(loose), []);
  });
});
