// The pop-up of a lease that was lost or taken: shown, followed, and turned off for good by its own button.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Popups } from '../../../extension/src/popups';
import type { Repositories, RepositoryChange } from '../../../extension/src/repositories';
import { eventually } from './support';

interface Shown {
  text: string;
  labels: string[];
}

suite('the pop-up of a lost lease', () => {
  const shown: Shown[] = [];
  const changed = new vscode.EventEmitter<RepositoryChange | undefined>();
  const lost = new vscode.EventEmitter<{ modules: string[] }>();
  const window = vscode.window as { showInformationMessage: unknown };
  const real = window.showInformationMessage;
  const settings = () => vscode.workspace.getConfiguration('remit').inspect<boolean>('notifications.leaseLost');
  const turn = (value: boolean | undefined) =>
    vscode.workspace.getConfiguration('remit').update('notifications.leaseLost', value, vscode.ConfigurationTarget.Global);
  let answer: string | undefined;
  let popups: Popups;

  suiteSetup(() => {
    window.showInformationMessage = (text: string, ...labels: string[]) => {
      shown.push({ text, labels });
      return Promise.resolve(answer);
    };
    const repository = { sidecar: { onLeaseLost: lost.event } };
    popups = new Popups({ all: [repository], onDidChange: changed.event } as unknown as Repositories);
    changed.fire(undefined);
  });

  suiteTeardown(async () => {
    window.showInformationMessage = real;
    popups.dispose();
    await turn(undefined);
  });

  test('names the modules, and stays while nobody turns it off', () => {
    changed.fire(undefined);
    lost.fire({ modules: ['core', 'web'] });
    assert.deepEqual(shown.splice(0), [
      { text: 'Remit: core, web passed to somebody else, after your lease had run out.', labels: ['Show Board', 'Don’t Show Again'] },
    ]);
    assert.equal(settings()?.globalValue, undefined);
  });

  test('comes no more after “Don’t Show Again”, until the setting is turned on again', async () => {
    answer = 'Don’t Show Again';
    lost.fire({ modules: ['core'] });
    assert.equal(shown.splice(0).length, 1);
    await eventually('the setting is off', () => settings()?.globalValue === false);
    lost.fire({ modules: ['core'] });
    assert.deepEqual(shown, []);
    answer = undefined;
    await turn(true);
    await eventually('the setting is on', () => settings()?.globalValue === true);
    lost.fire({ modules: ['core'] });
    assert.equal(shown.splice(0).length, 1);
  });
});
