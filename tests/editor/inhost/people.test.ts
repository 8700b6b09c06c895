// What people do with each other on one board: reviews, assignments, requests, notifications, plans, and what is drawn of it.
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { RemitApi } from '../../../extension/src/main';
import type { Repository } from '../../../extension/src/repository';
import type { Node } from '../../../extension/src/views/node';
import { agreeing, eventually, folder, remit, terminal } from './support';

suite('people on one board', () => {
  let api: RemitApi;
  let repository: Repository;
  let other: string;

  suiteSetup(async () => {
    api = await remit();
    const [only] = api.repositories.all;
    assert.ok(only);
    repository = only;
    await run('bootstrap');
    await eventually('the window is registered', () => repository.board?.me);
    other = String(terminal(undefined, 'init-agent', '--thread-key', 'colleague', '--window-id', 'away').result['agent_id']);
    terminal(other, 'add-module', 'parser', '--title', 'Read it', '--owned-path', 'src/parser');
  });

  const me = () => repository.board?.me?.agent_id ?? '';
  const module = (id: string) => repository.board?.modules.find((one) => one.id === id);
  const run = (command: string, ...args: unknown[]) => vscode.commands.executeCommand(`remit.${command}`, ...args);
  const below = (row: Node): Node[] => [row, ...row.children().flatMap(below)];
  const rows = (view: string): Node[] => (api.trees[view]?.drawn() ?? []).flatMap(below);
  const row = (view: string, label: string) => rows(view).find((one) => one.label === label);
  const called = (kind: string) => repository.board?.notifications.find((one) => one.kind === kind);
  const problems = (uri: vscode.Uri) => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'remit');

  test('a review goes round: handed in, sent back, handed in again, approved', async () => {
    await eventually('it is on the board', () => module('parser'));
    await run('claimModule', { module: 'parser' });
    await run('submitForReview', { module: 'parser' });
    assert.equal(module('parser')?.status, 'review-ready');
    assert.ok(terminal(other, 'start-review', '--module', 'parser').ok);
    assert.ok(terminal(other, 'request-changes', '--module', 'parser', '--reason', 'no tests').ok);
    await eventually('the window is told', () => called('changes-requested'));
    const told = row('remit.notifications', 'parser');
    assert.match(String(told?.contextValue), /<resume>/);
    assert.match(String(told?.description), /colleague.*no tests/);
    await run('resume', { module: 'parser' });
    await run('submitForReview', { module: 'parser' });
    assert.equal(module('parser')?.status, 'review-ready');
    assert.ok(terminal(other, 'start-review', '--module', 'parser').ok);
    assert.ok(terminal(other, 'approve', '--module', 'parser').ok);
    await eventually('it is done', () => module('parser')?.status === 'done');
  });

  test('a notification stands there until it is acknowledged', async () => {
    await eventually('the approval is told', () => called('approved'));
    await run('acknowledgeNotifications');
    assert.deepEqual(repository.board?.notifications, []);
    await repository.refresh();
    assert.deepEqual(rows('remit.notifications'), []);
  });

  test('work of others is reviewed here', async () => {
    terminal(other, 'add-module', 'printer', '--owned-path', 'src/printer');
    assert.ok(terminal(other, 'claim', '--module', 'printer').ok);
    assert.ok(terminal(other, 'submit', '--module', 'printer').ok);
    await eventually('it waits', () => module('printer')?.actions.includes('start-review'));
    assert.ok((module('printer')?.reasons.length ?? 0) > 0, 'it says why it stands where it stands');
    await run('startReview', { module: 'printer' });
    assert.equal(module('printer')?.group, 'mine');
    await run('approve', { module: 'printer' });
    assert.equal(module('printer')?.status, 'done');
  });

  test('a module is assigned to a window, which is told, and claims it', async () => {
    terminal(other, 'add-module', 'loader');
    assert.ok(terminal(other, 'assign', '--module', 'loader', '--to', `agent:${me()}`).ok);
    const told = await eventually('it is told', () => called('assigned'));
    assert.ok(told.needs_me);
    const ready = await eventually('its row says so', () => rows('remit.board').find(({ label, description }) => label === 'loader' && description === 'for you'));
    const { value } = ready.hint() as vscode.MarkdownString;
    assert.equal(value.match(/priority/gi)?.length, 1, value);
    assert.match(String(row('remit.notifications', 'loader')?.contextValue), /<claim>/);
    await run('claimModule', { module: 'loader' });
    assert.equal(called('assigned'), undefined, 'what it asked for is done');
    await run('release', { module: 'loader' });
  });

  test('who holds something is asked for it, by one Enter', async () => {
    terminal(other, 'add-module', 'writer');
    assert.ok(terminal(other, 'claim', '--module', 'writer').ok);
    await eventually('it can be asked for', () => module('writer')?.actions.includes('request-handoff'));
    await agreeing(run('requestHandoff', { module: 'writer' }));
    const { notifications } = terminal(other, 'notifications').result as { notifications: { kind: string; module: string }[] };
    assert.ok(notifications.some(({ kind, module: about }) => kind === 'handoff-requested' && about === 'writer'));
  });

  test('the Agents view says where everybody works and what they hold', () => {
    const colleague = rows('remit.agents').find(({ label }) => label === 'colleague');
    assert.match(String(colleague?.description), /holds writer/);
    const parts = colleague?.children().map(({ label, contextValue }) => [label, contextValue?.split(' ')[0]]);
    assert.deepEqual(parts, [['writer', 'module'], ['away', 'session']]);
    assert.match(String(rows('remit.agents')[0]?.description), /^you/);
  });

  test('every row of every view has a name of its own to be read aloud', () => {
    for (const view of Object.keys(api.trees)) {
      const all = rows(view);
      assert.equal(new Set(all.map(({ id }) => id)).size, all.length, view);
      for (const one of all) assert.ok(one.accessibilityInformation.label.includes(one.label), one.id);
    }
  });

  test('a preflight is three answers, and what is proposed is as before', async () => {
    await agreeing(run('preflight'));
    const { preflight } = terminal(other, 'state').result as { preflight: { branch: string; mode: string } | null };
    assert.deepEqual([preflight?.branch, preflight?.mode], ['main', 'shared-board']);
    assert.equal(repository.board?.safety.profile, 'balanced');
  });

  test('a plan is checked while it is written, and imported as it stands', async () => {
    const file = path.join(folder().fsPath, 'remit-plan.json');
    fs.writeFileSync(file, '{ "modules": [{ "id": "from plan", "ownd_paths": [] }] }');
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    const flaws = () => vscode.languages.getDiagnostics(document.uri).map(({ message }) => message).join('\n');
    await eventually('the flaws are found', () => flaws().includes('ownd_paths') && flaws().includes('pattern'));
    const edit = new vscode.WorkspaceEdit();
    const text = '{ "modules": [{ "id": "a-plan", "depends_on": ["b-plan"] }, { "id": "b-plan", "owned_paths": ["plan"] }] }';
    edit.replace(document.uri, new vscode.Range(0, 0, 1, 0), text);
    await vscode.workspace.applyEdit(edit);
    await eventually('the flaws are gone', () => flaws() === '');
    await run('importPlan');
    assert.deepEqual([module('a-plan')?.group, module('b-plan')?.group], ['waiting', 'ready']);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    fs.rmSync(file);
  });

  test('a cause is ignored in one file, in the text and in the view, and in no other', async () => {
    fs.writeFileSync(path.join(folder().fsPath, 'src/search/index.rs'), '');
    assert.ok(terminal(other, 'claim-paths', 'src/search').ok);
    const [first, second] = ['src/search/query.rs', 'src/search/index.rs'].map((one) => vscode.Uri.joinPath(folder(), one)) as [vscode.Uri, vscode.Uri];
    for (const uri of [first, second]) {
      const editor = await vscode.window.showTextDocument(uri, { preview: false });
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '// here\n'));
      await eventually('it is warned of', () => problems(uri).length > 0);
    }
    await eventually('both are listed', () => repository.board?.conflicts.length === 2);
    await vscode.window.showTextDocument(first);
    await run('ignoreHere');
    await eventually('the warning is gone', () => problems(first).length === 0);
    assert.equal(problems(second).length, 1);
    await eventually('it is not listed either', () => repository.board?.conflicts.length === 1);
    for (const uri of [first, second]) {
      await vscode.window.showTextDocument(uri);
      await vscode.commands.executeCommand('workbench.action.files.revert');
    }
  });

  test('a diagnostic links to what its code means, and names the other claim', async () => {
    const file = vscode.Uri.joinPath(folder(), 'src/search/index.rs');
    const editor = await vscode.window.showTextDocument(file);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '// there\n'));
    const [problem] = await eventually('it is warned of', () => problems(file).length > 0 && problems(file));
    const code = problem?.code as { value: string; target: vscode.Uri };
    assert.ok((await vscode.workspace.fs.readFile(code.target)).toString().startsWith('# path-owned-by-other'));
    assert.match(String(problem?.relatedInformation?.[0]?.message), /src\/search/);
    await vscode.commands.executeCommand('vscode.open', code.target);
    const tab = () => vscode.window.tabGroups.activeTabGroup.activeTab;
    await eventually('the page is shown as a page', () => tab()?.input instanceof vscode.TabInputCustom);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await vscode.window.showTextDocument(file);
    const verbs = async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', file, problem?.range);
      return actions.map(({ title }) => String(title.split(' ')[0])).filter((verb) => ['Claim', 'Request', 'Ignore'].includes(verb));
    };
    // What the editor saves by itself meanwhile is told anew, and offers nothing in between.
    assert.deepEqual(await eventually('ways out are offered', async () => { const all = await verbs(); return all.length > 0 && all; }), ['Request', 'Claim', 'Ignore']);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  test('a file says on its first line who owns it, where that is wanted', async () => {
    const file = vscode.Uri.joinPath(folder(), 'src/search/query.rs');
    const lenses = () => vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', file);
    assert.deepEqual(await lenses(), []);
    const settings = vscode.workspace.getConfiguration('remit');
    await settings.update('codeLens', true, vscode.ConfigurationTarget.Global);
    const [lens] = await eventually('it says so', async () => { const all = await lenses(); return all.length > 0 && all; });
    assert.match(String(lens?.command?.title), /of colleague, until/);
    assert.equal(lens?.command?.command, 'remit.requestHandoff');
    await settings.update('codeLens', undefined, vscode.ConfigurationTarget.Global);
  });
});
