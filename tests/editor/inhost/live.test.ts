// The extension with its real sidecar, in the repository that is open: what a person's commands do, and what is drawn of it.
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { RemitApi } from '../../../extension/src/main';
import type { Repository } from '../../../extension/src/repository';
import type { Node } from '../../../extension/src/views/node';
import { eventually, folder, remit, terminal } from './support';

suite('a window with its sidecar', () => {
  let api: RemitApi;
  let repository: Repository;
  let other: string;

  suiteSetup(async () => {
    api = await remit();
    const [only] = api.repositories.all;
    assert.ok(only, 'the open folder is a repository');
    repository = only;
  });

  const module = (id: string) => repository.board?.modules.find((one) => one.id === id);
  const rows = (view: string): Node[] => {
    const below = (row: Node): Node[] => [row, ...row.children().flatMap(below)];
    return (api.trees[view]?.drawn() ?? []).flatMap(below);
  };
  const row = (view: string, label: string) => rows(view).find((one) => one.label === label);
  const run = (command: string, ...args: unknown[]) => vscode.commands.executeCommand(`remit.${command}`, ...args);
  const problems = (uri: vscode.Uri) => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'remit');

  test('where there is no board, nothing is started before somebody looks', async () => {
    assert.equal(repository.state.kind, 'stopped');
    await vscode.commands.executeCommand('remit.board.focus');
    await eventually('the sidecar has answered', () => repository.board);
  });

  test('nothing is written before somebody asks for a board', () => {
    assert.equal(repository.state.kind, 'running');
    assert.equal(repository.board?.exists, false);
    assert.ok(!fs.existsSync(path.join(folder().fsPath, 'project-plan')));
    assert.deepEqual(rows('remit.board'), []);
  });

  test('bootstrap makes the board, and the window is somebody on it', async () => {
    await run('bootstrap');
    assert.ok(fs.existsSync(path.join(folder().fsPath, 'project-plan', 'coordination.db')));
    await eventually('the window is registered', () => repository.board?.me);
  });

  test('what a terminal adds is drawn without being asked for', async () => {
    const { result } = terminal(undefined, 'init-agent', '--thread-key', 'terminal', '--window-id', 'elsewhere');
    other = String(result['agent_id']);
    terminal(other, 'add-module', 'cart', '--title', 'Totals', '--owned-path', 'src/cart');
    terminal(other, 'add-module', 'search', '--owned-path', 'src/search', '--depends-on', 'cart');
    await eventually('both modules stand in the view', () => row('remit.board', 'cart') && row('remit.board', 'search'));
    assert.equal(module('cart')?.group, 'ready');
    assert.equal(module('search')?.group, 'waiting');
  });

  test('a claimed module is mine, with its lease told and its actions offered', async () => {
    await run('claimModule', { module: 'cart' });
    assert.equal(module('cart')?.group, 'mine');
    const mine = row('remit.board', 'cart');
    assert.match(String(mine?.description), /min left/);
    assert.match(String(mine?.contextValue), /<release>/);
  });

  test('a refused command changes nothing and leaves the window working', async () => {
    const revision = repository.board?.revision;
    await run('release', { module: 'nowhere' });
    await repository.refresh();
    assert.equal(repository.board?.revision, revision);
    assert.equal(module('cart')?.group, 'mine');
  });

  test('rows keep their ids from one drawing to the next, and say aloud what they are', async () => {
    const before = rows('remit.board');
    terminal(other, 'add-module', 'docs', '--owned-path', 'README.md');
    await eventually('docs is drawn', () => row('remit.board', 'docs'));
    const after = new Set(rows('remit.board').map(({ id }) => id));
    assert.equal(new Set(before.map(({ id }) => id)).size, before.length);
    assert.deepEqual(before.filter(({ id }) => !after.has(id)).map(({ label }) => label), []);
    for (const one of rows('remit.board')) {
      assert.ok(one.label && one.contextValue, one.id);
      assert.ok(one.accessibilityInformation.label.includes(one.label), one.id);
    }
  });

  test('of a module that changed its own row alone is asked for again, and of a board that looks the same nothing', async () => {
    const tree = api.trees['remit.board'];
    // To reveal a row VS Code first asks for all that it was told to ask for.
    assert.ok(tree && (await tree.reveal(repository, 'docs')));
    const asked: (Node[] | undefined)[] = [];
    const listening = tree.onDidChangeTreeData((news) => asked.push(news));
    terminal(other, 'edit-module', 'docs', '--title', 'What people read');
    await eventually('docs is drawn', () => asked.some((news) => news?.some(({ label }) => label === 'docs')));
    await repository.refresh();
    listening.dispose();
    // What is left of cart's lease is told by the minute, perhaps just now.
    const others = asked.map((news) => news?.map(({ label }) => label).filter((label) => label !== 'cart'));
    assert.deepEqual(others.filter((labels) => labels?.length !== 0), [['docs']]);
  });

  test('typing in a file of somebody else is warned of, unsaved, until it is undone', async () => {
    assert.ok(terminal(other, 'claim-paths', 'src/search').ok);
    const file = vscode.Uri.joinPath(folder(), 'src/search/query.rs');
    const editor = await vscode.window.showTextDocument(file);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '// mine\n'));
    const [problem] = await eventually('the warning comes', () => problems(file).length > 0 && problems(file));
    assert.equal(typeof problem?.code === 'object' ? problem.code.value : problem?.code, 'path-owned-by-other');
    await eventually('the view lists it', () => repository.board?.conflicts.some((one) => one.path === 'src/search/query.rs'));
    const listed = rows('remit.conflicts').find(({ label }) => label === 'query.rs');
    assert.equal(String(listed?.command?.arguments?.[0]), file.toString());
    // The web's editor saves by itself after a second: taking back what is unsaved may be too late.
    await editor.edit((edit) => edit.delete(new vscode.Range(0, 0, 1, 0)));
    await editor.document.save();
    await eventually('the view has nothing to list', () => repository.board?.conflicts.length === 0);
  });

  test('an offered handoff stands in the inbox, opens, and is claimed and acknowledged', async () => {
    const mine = terminal(other, 'modules').result['modules'] as { id: string; owner: string | null }[];
    const theirs = mine.find(({ owner }) => owner === other)?.id ?? '';
    terminal(other, 'handoff-bundle', '--module', theirs, '--summary', 'half done', '--next-step', 'the rest');
    await eventually('it is offered', () => repository.board?.handoffs.some(({ for_me }) => for_me));
    assert.match(String(row('remit.handoffs', theirs)?.contextValue), /<claim-handoff>/);
    await run('openHandoff', { module: theirs });
    const tab = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ label }) => label.includes(`${theirs}.handoff.md`));
    await eventually('the bundle is shown', tab);
    await run('claimHandoff', { module: theirs });
    assert.equal(module(theirs)?.group, 'mine');
    await run('acknowledgeHandoff', { module: theirs });
    assert.deepEqual(repository.board?.handoffs.filter(({ to_acknowledge }) => to_acknowledge), []);
    await run('release', { module: theirs });
    assert.notEqual(module(theirs)?.group, 'mine');
  });

  test('a killed sidecar comes back as the same window, which still holds what it held', async () => {
    const { me } = repository.board ?? {};
    const { pid } = repository.sidecar;
    assert.ok(me && pid);
    process.kill(pid, 'SIGKILL');
    await eventually('another process runs', () => repository.state.kind === 'running' && repository.sidecar.pid !== pid);
    await eventually('it is registered again', () => (repository.board?.me?.session_epoch ?? 0) > (me.session_epoch ?? 0));
    assert.equal(repository.board?.me?.session_id, me.session_id);
    assert.equal(module('cart')?.group, 'mine');
    await run('finish', { module: 'cart' });
    assert.equal(module('cart')?.status, 'done');
  });

  test('a restart on purpose keeps the window’s identity too', async () => {
    const before = repository.board?.me;
    await run('restartSidecar');
    await eventually('it is registered again', () => (repository.board?.me?.session_epoch ?? 0) > (before?.session_epoch ?? 0));
    assert.equal(repository.board?.me?.session_id, before?.session_id);
  });

  test('a sidecar that can not be started is tried again, and said to be down', async () => {
    const settings = vscode.workspace.getConfiguration('remit');
    await settings.update('sidecar.path', path.join(folder().fsPath, 'no-such-binary'), vscode.ConfigurationTarget.Global);
    await eventually('it is down', () => repository.state.kind === 'down');
    await run('claimNext');
    await settings.update('sidecar.path', undefined, vscode.ConfigurationTarget.Global);
    await eventually('it is back', () => repository.state.kind === 'running');
  });
});
