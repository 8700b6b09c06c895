import assert from 'node:assert/strict';
import { makeRepo } from '../rig/repo.mjs';
import { scenario } from '../rig/scenario.mjs';

scenario('the workbench opens with the extension active', async (editor) => {
  const repo = makeRepo(editor.path('repo'));
  const window = await editor.open(repo, 'A');

  await editor.step('the activity bar has the container', () => window.container('Remit'));

  await editor.step('the extension host has activated it', async () => {
    assert.ok((await window.activation('Remit')) >= 0);
  });

  await editor.step('nothing was asked of the network', async () => assert.deepEqual(window.page.blocked, []));
});
