import assert from 'node:assert/strict';
import { makeRepo } from '../rig/repo.mjs';
import { scenario } from '../rig/scenario.mjs';
import { until } from '../rig/until.mjs';

scenario('the workbench opens with the extension active', async (editor) => {
  const repo = makeRepo(editor.path('repo'));
  const window = await editor.open(repo, 'A');

  await editor.step('the activity bar has the container', () => window.container('Remit'));

  await editor.step('the extension host has activated it', async () => {
    await window.palette('Developer: Show Running Extensions');
    const entry = window.page.locator('.running-extension, .runtime-extensions-editor .monaco-list-row', { hasText: 'Remit' }).first();
    // The slowest stand first, and only the rows in view are there at all.
    await window.page.locator('.runtime-extensions-editor .monaco-list-row').first().hover();
    await until(async () => (await entry.isVisible()) || (await window.page.mouse.wheel(0, 200)));
    assert.match(await entry.innerText(), /Activation: \d+ms/);
  });

  await editor.step('nothing was asked of the network', async () => assert.deepEqual(window.page.blocked, []));
});
