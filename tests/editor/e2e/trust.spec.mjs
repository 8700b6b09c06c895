// A repository that nobody trusts has a board like any other, but chooses no program that is started.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { makeRepo } from '../rig/repo.mjs';
import { scenario } from '../rig/scenario.mjs';
import { until } from '../rig/until.mjs';

scenario('an untrusted repository’s own sidecar is not started before it is trusted', async (editor) => {
  const ran = editor.path('ran');
  const theirs = editor.path('theirs.sh');
  fs.writeFileSync(theirs, `#!/bin/sh\ntouch '${ran}'\n`, { mode: 0o755 });
  const settings = JSON.stringify({ 'remit.sidecar.path': theirs });
  const repo = makeRepo(editor.path('repo'), { 'README.md': '# Sample\n', '.vscode/settings.json': settings });
  assert.ok(editor.remit(repo, 'bootstrap').ok);
  const window = await editor.open(repo, 'A');
  await editor.step('untrusted, the bundled sidecar serves it', async () => {
    await window.statusItem('repo#1').waitFor();
    await window.statusItem('Restricted Mode').waitFor();
    assert.ok(!fs.existsSync(ran));
  });
  await editor.step('trusted, it gets what it asks for', async () => {
    await window.palette('Workspaces: Manage Workspace Trust');
    await window.page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ }).first().click();
    await until(() => fs.existsSync(ran));
  });
}, { trusting: false });
