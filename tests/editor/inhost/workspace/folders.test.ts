// A window of several folders: one sidecar for each repository, each file with the repository that it lies in.
import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { windowState } from '../../../../extension/src/contextKeys';
import type { RemitApi } from '../../../../extension/src/main';
import type { Repository } from '../../../../extension/src/repository';
import { eventually, remit, terminalIn } from '../support';

suite('a window of several folders', () => {
  let api: RemitApi;

  suiteSetup(async () => {
    api = await remit();
  });

  const scratch = (): string => path.dirname(vscode.workspace.workspaceFile?.fsPath ?? '');
  const at = (...parts: string[]) => vscode.Uri.file(path.join(scratch(), ...parts));
  const nameOf = ({ root }: Repository) => path.relative(scratch(), root.path);
  const named = (name: string): Repository => {
    const found = api.repositories.all.find((one) => nameOf(one) === name);
    assert.ok(found, name);
    return found;
  };
  const ownerOf = (...parts: string[]) => {
    const found = api.repositories.of(at(...parts));
    return found && nameOf(found);
  };
  const problems = (uri: vscode.Uri) => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'remit');
  const change = async (uri: vscode.Uri) => {
    const editor = await vscode.window.showTextDocument(uri);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '// changed\n'));
  };

  test('folders of one repository share a sidecar; where there is no board, none runs', () => {
    const seen = api.repositories.all.map((one) => [nameOf(one), one.root.folders.length, one.state.kind]);
    assert.deepEqual(seen, [
      ['main', 2, 'running'],
      ['main/vendor/nested', 1, 'running'],
      ['main-fix', 1, 'running'],
      ['quiet', 1, 'stopped'],
      ['away-fix', 1, 'stopped'],
      ['loose', 1, 'stopped'],
      ['parts', 1, 'running'],
    ]);
    const pids = api.repositories.all.flatMap(({ sidecar }) => sidecar.pid ?? []);
    assert.equal(new Set(pids).size, 4);
  });

  test('a file goes to the innermost repository that is open', () => {
    assert.equal(ownerOf('main/src/cart/total.rs'), 'main');
    assert.equal(ownerOf('main/src/search/query.rs'), 'main');
    assert.equal(ownerOf('main/vendor/nested/lib.rs'), 'main/vendor/nested');
    assert.equal(ownerOf('main/vendor/else.rs'), 'main');
    assert.equal(ownerOf('main-fix/README.md'), 'main-fix');
    assert.equal(ownerOf('away/lib.rs'), undefined);
  });

  test('a linked worktree is on its repository’s board, a nested repository on its own', async () => {
    const agent = String(terminalIn(at('main'), undefined, 'init-agent', '--thread-key', 'terminal', '--window-id', 'elsewhere').result['agent_id']);
    assert.ok(terminalIn(at('main'), agent, 'claim-paths', 'src/cart', 'vendor').ok);
    const modules = (name: string) => named(name).board?.modules.length;
    await eventually('both windows of the board know', () => modules('main') === 1 && modules('main-fix') === 1);
    assert.equal(modules('main/vendor/nested'), 0);
    assert.notEqual(named('main').board?.me?.session_id, named('main-fix').board?.me?.session_id);
  });

  test('a file in two folders of one repository is warned of once, one of a nested repository not at all', async () => {
    await change(at('main/vendor/nested/lib.rs'));
    await change(at('main/src/cart/total.rs'));
    await eventually('the warning comes', () => problems(at('main/src/cart/total.rs')).length > 0);
    assert.equal(problems(at('main/src/cart/total.rs')).length, 1);
    assert.deepEqual(problems(at('main/vendor/nested/lib.rs')), []);
    for (const file of ['main/src/cart/total.rs', 'main/vendor/nested/lib.rs']) {
      await vscode.window.showTextDocument(at(file));
      await vscode.commands.executeCommand('workbench.action.files.revert');
    }
  });

  test('whoever edits the same lines in another worktree has one name, and their file is shown beside mine', async () => {
    const [mine, theirs] = [at('main/src/shared/money.rs'), at('main-fix/src/shared/money.rs')];
    for (const [uri, text] of [[mine, '// mine\n'], [theirs, '// theirs\n']] as const) {
      const before = await vscode.workspace.fs.readFile(uri);
      await vscode.workspace.fs.writeFile(uri, Buffer.concat([Buffer.from(text), before]));
    }
    const side = () => named('main').board?.conflicts.find((one) => one.side)?.side ?? 'nobody yet';
    const told = () => problems(mine).find(({ message }) => message.includes('would not merge') && message.includes(`: ${side()},`));
    const problem = await eventually('the warning comes, and calls them as the view does', told);
    assert.ok(!side().includes(scratch()), 'no path of a folder is anybody’s name');

    await vscode.window.showTextDocument(mine);
    const compare = await eventually('it is offered', async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', mine, problem.range);
      return actions.find(({ title }) => title === `Compare with ${side()}`);
    });
    assert.equal(compare.command?.command, 'remit.compareWithOtherSide');
    const shown = () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputTextDiff && [input.original.fsPath, input.modified.fsPath];
    };
    const close = () => vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    // Of the light bulb, and of the palette.
    for (const args of [compare.command.arguments ?? [], []]) {
      await vscode.window.showTextDocument(mine);
      await vscode.commands.executeCommand('remit.compareWithOtherSide', ...(args as unknown[]));
      assert.deepEqual(await eventually('both stand side by side', shown), [theirs.fsPath, mine.fsPath]);
      await close();
    }
    for (const name of ['main', 'main-fix']) execFileSync('git', ['checkout', '--quiet', '--', 'src/shared/money.rs'], { cwd: at(name).fsPath });
    await eventually('it is over', () => !named('main').board?.conflicts.some(({ side }) => side));
  });

  test('a board that is made in a terminal wakes its window, also from the main worktree', async () => {
    for (const [made, woken] of [['quiet', 'quiet'], ['away', 'away-fix']] as const) {
      await eventually(`${woken} has no board`, () => windowState([named(woken)]) === 'no-board');
      assert.ok(terminalIn(at(made), undefined, 'bootstrap').ok);
      await eventually(`${woken} joins`, () => named(woken).board?.me);
    }
    assert.equal(named('loose').state.kind, 'stopped');
    assert.equal(windowState([named('loose')]), 'no-project');
  });

  test('a folder of a repository that runs already is added and removed while its sidecar goes on', async () => {
    const agent = String(terminalIn(at('parts-else'), undefined, 'init-agent', '--thread-key', 'terminal', '--window-id', 'elsewhere').result['agent_id']);
    assert.ok(terminalIn(at('parts-else'), agent, 'claim-paths', 'api').ok);
    const alive = () => [named('parts').sidecar.pid, named('parts').board?.me?.session_id];
    await eventually('the window has joined', () => alive().every(Boolean));
    const before = alive();
    const states: string[] = [];
    const listening = named('parts').sidecar.onDidChangeState(({ kind }) => states.push(kind));
    const [open, written] = [at('parts/api/two.rs'), at('parts/api/three.rs')];
    await change(open);

    const end = vscode.workspace.workspaceFolders?.length ?? 0;
    assert.ok(vscode.workspace.updateWorkspaceFolders(end, 0, { uri: at('parts/api') }));
    await eventually('what was open and unsaved before is warned of', () => problems(open).length > 0);
    // VS Code takes its time to watch a folder: what changes before it does is not told to anybody.
    const warnedOf = async (uri: vscode.Uri) => {
      await vscode.workspace.fs.writeFile(uri, Buffer.from(`// changed at ${Date.now()}\n`));
      return problems(uri).length > 0;
    };
    await eventually('what changes on the disk is warned of', () => warnedOf(written));
    assert.deepEqual(named('parts').root.folders.map(String), [at('parts/web'), at('parts/api')].map(String));
    assert.ok(named('parts').ground?.pathOf(open));

    assert.ok(vscode.workspace.updateWorkspaceFolders(end, 1));
    await eventually('nothing is warned of any more', () => problems(open).length + problems(written).length === 0);
    assert.equal(ownerOf('parts/api/two.rs'), undefined);
    assert.deepEqual([alive(), states], [before, []], 'the same process, the same session');
    listening.dispose();
    await vscode.window.showTextDocument(open);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  test('a folder that is removed takes its sidecar along and no other; added again it has its old seat', async () => {
    const before = named('main').sidecar.pid;
    const seat = named('main/vendor/nested').board?.me?.agent_id;
    assert.ok(before && seat);
    const index = vscode.workspace.workspaceFolders?.findIndex(({ uri }) => uri.fsPath === at('main/vendor/nested').fsPath) ?? -1;
    assert.ok(vscode.workspace.updateWorkspaceFolders(index, 1));
    await eventually('its files are the outer one’s', () => ownerOf('main/vendor/nested/lib.rs') === 'main');
    await eventually('it is gone', () => api.repositories.all.every((one) => nameOf(one) !== 'main/vendor/nested'));
    assert.ok(vscode.workspace.updateWorkspaceFolders(index, 0, { uri: at('main/vendor/nested') }));
    await eventually('it is back', () => api.repositories.all.find((one) => nameOf(one) === 'main/vendor/nested')?.board?.me);
    assert.equal(named('main/vendor/nested').board?.me?.agent_id, seat);
    assert.equal(named('main').sidecar.pid, before);
  });
});
