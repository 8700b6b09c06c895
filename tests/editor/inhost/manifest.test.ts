import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';

interface Manifest {
  contributes: { commands?: { command: string }[] };
}

suite('manifest', () => {
  const extension = () => {
    const found = vscode.extensions.getExtension<unknown>('remit.remit');
    assert.ok(found, 'the packed extension is installed');
    return found;
  };

  test('the extension activates', async () => {
    await extension().activate();
    assert.ok(extension().isActive);
  });

  test('every declared command is registered', async () => {
    await extension().activate();
    const { contributes } = extension().packageJSON as Manifest;
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = (contributes.commands ?? []).map(({ command }) => command).filter((name) => !registered.has(name));
    assert.deepEqual(missing, []);
  });
});
