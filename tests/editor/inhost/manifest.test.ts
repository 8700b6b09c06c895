// The manifest promises names that the code must keep; neither knows the other.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { BOARD_COMMANDS, WINDOW_COMMANDS } from '../../../extension/src/commands/table';
import { KEYS, STATES } from '../../../extension/src/contextKeys';
import { activate } from '../../../extension/src/main';
import { contributes, extension, remit } from './support';

const sorted = (names: Iterable<string>) => [...names].sort();
const commandNames = () => contributes().commands.map(({ command }) => command);

/** What the walkthrough ticks a step at. */
const ticks = () => contributes().walkthroughs.flatMap(({ steps }) => steps.map(({ completionEvents }) => completionEvents));

/** Every `when` clause and enablement of the manifest. */
function clauses(): string[] {
  const { menus, viewsWelcome, commands } = contributes();
  const inMenus = Object.values(menus).flatMap((items) => items.map(({ when }) => when));
  const onWelcome = viewsWelcome.map(({ when }) => when);
  const onSteps = ticks().flat().filter((event) => event.startsWith('onContext:'));
  return [...inMenus, ...onWelcome, ...onSteps, ...commands.map(({ enablement }) => enablement)].filter((clause) => clause !== undefined);
}

suite('manifest', () => {
  test('activation waits for nothing: it promises nothing, and what it starts is ready later', async () => {
    type Waits = ReturnType<typeof activate> extends PromiseLike<unknown> ? true : false;
    const waits: Waits = false;
    assert.equal(waits, activate.constructor.name !== 'Function');
    const { ready } = await extension().activate();
    assert.ok(ready instanceof Promise);
  });

  test('the declared commands are those of the table, each with its title', () => {
    assert.deepEqual(sorted(commandNames()), sorted([...Object.keys(BOARD_COMMANDS), ...Object.keys(WINDOW_COMMANDS)]));
    for (const { command, title, category } of contributes().commands) {
      assert.equal(category, 'Remit', command);
      assert.match(title, /^[A-Z][^.]*[^.]$/, command);
    }
  });

  test('every declared command is registered', async () => {
    await remit();
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(commandNames().filter((name) => !registered.has(name)), []);
  });

  test('every menu names a declared command', () => {
    const declared = new Set(commandNames());
    const named = Object.values(contributes().menus).flatMap((items) => items.map(({ command }) => command));
    assert.deepEqual(named.filter((name) => !declared.has(name)), []);
  });

  test('the palette hides what makes no sense yet; only the log is always there', () => {
    const { commandPalette = [] } = contributes().menus;
    const guarded = new Set(commandPalette.filter(({ when }) => when).map(({ command }) => command));
    assert.deepEqual(commandNames().filter((name) => !guarded.has(name)), ['remit.showLog']);
  });

  test('every key of a when clause is set in the code, to values that are compared', () => {
    const text = clauses().join(' ');
    const views = Object.values(contributes().views).flatMap((list) => list.map(({ id }) => id));
    const known = new Set([...KEYS, ...views]);
    const used = new Set(text.match(/\bremit\.\w+/g));
    assert.deepEqual([...used].filter((key) => !known.has(key)), []);
    const states = [...text.matchAll(/remit\.state [=!]= ([\w-]+)/g)].map(([, state]) => state);
    assert.deepEqual(states.filter((state) => !STATES.some((one) => one === state)), []);
  });

  test('nothing is started in a window that has nothing to do with a repository', () => {
    const { activationEvents } = extension().packageJSON as { activationEvents: string[] };
    assert.deepEqual(activationEvents.filter((event) => !/^workspaceContains:[./]*(project-plan\/coordination\.db|\.git)$/.test(event)), []);
  });

  test('every text of the manifest is there in words', () => {
    const { displayName, description } = extension().packageJSON as Record<string, string>;
    const texts = JSON.stringify([displayName, description, contributes()]);
    assert.deepEqual(texts.match(/%[\w.-]+%/g), null);
  });

  test('what a row offers by a button it also offers in its menu', () => {
    const items = contributes().menus['view/item/context'] ?? [];
    const entry = ({ command, when }: { command: string; when?: string }) => `${command} ${when}`;
    const [inline, inMenu] = [true, false].map((wanted) => items.filter(({ group }) => group?.startsWith('inline') === wanted).map(entry));
    assert.deepEqual(inline?.filter((one) => !inMenu?.includes(one)), []);
  });

  test('every view says what to do where it has nothing to show', () => {
    const spoken = new Set(contributes().viewsWelcome.map(({ view }) => view));
    const views = Object.values(contributes().views).flatMap((list) => list.map(({ id }) => id));
    assert.deepEqual(views.filter((view) => !spoken.has(view)), []);
  });

  test('the walkthrough has at most five steps, each with its page', async () => {
    const [walkthrough] = contributes().walkthroughs;
    assert.ok(walkthrough && walkthrough.steps.length <= 5);
    for (const { title, description, media } of walkthrough.steps) {
      assert.ok(title && description);
      await vscode.workspace.fs.stat(vscode.Uri.joinPath(extension().extensionUri, media.markdown));
    }
  });

  // Of a clause that holds when VS Code reads it, no later change is heard. Of two that exclude each other, one is always open, and
  // looking at the walkthrough, or away from it, is the change.
  test('a step whose condition holds already is ticked all the same', () => {
    const page = / && activeEditor [=!]= gettingStartedPage$/;
    for (const events of ticks().map((all) => all.filter((event) => event.startsWith('onContext:')))) {
      const clauses = new Set(events.map((event) => event.replace(page, '')));
      const both = [...clauses].flatMap((clause) => ['==', '!='].map((is) => `${clause} && activeEditor ${is} gettingStartedPage`));
      assert.deepEqual(events, both);
    }
  });

  test('each state of the window has its words in the Board view', () => {
    const board = contributes().viewsWelcome.filter(({ view }) => view === 'remit.board');
    const spoken = board.flatMap(({ when }) => [...when.matchAll(/remit\.state == ([\w-]+)/g)].map(([, state]) => state));
    assert.deepEqual(sorted(new Set(spoken.map(String))), sorted(STATES));
  });

  test('a filter that hides every module leaves the way to work that can be claimed', () => {
    const filtered = contributes().viewsWelcome.filter(({ when }) => /(?<!!)remit\.isFiltered/.test(when));
    const claims = filtered.map(({ when, contents }) => [/(?<!!)remit\.hasClaimable/.test(when), contents.includes('command:remit.claimNext')]);
    assert.deepEqual(claims, [[false, false], [true, true]]);
    assert.ok(filtered.every(({ contents }) => contents.includes('command:remit.clearFilter')));
  });

  test('links of welcome texts run commands that there are', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    const steps = contributes().walkthroughs.flatMap((one) => one.steps.map(({ description }) => description));
    const texts = [...contributes().viewsWelcome.map(({ contents }) => contents), ...steps];
    const linked = texts.flatMap((text) => [...text.matchAll(/\(command:([\w.]+)\)/g)]);
    assert.deepEqual(linked.map(([, command]) => String(command)).filter((command) => !registered.has(command)), []);
  });

  test('the declared views are those that are drawn', async () => {
    const { trees } = await remit();
    const declared = Object.values(contributes().views).flatMap((list) => list.map(({ id }) => id));
    assert.deepEqual(sorted(declared), sorted(Object.keys(trees)));
  });

  test('every setting says what it is for, where it may be set, and its default', () => {
    for (const [name, setting] of Object.entries(contributes().configuration.properties)) {
      assert.match(name, /^remit\./);
      assert.ok(setting.markdownDescription.endsWith('.'), name);
      assert.ok(setting.scope && 'order' in setting && 'default' in setting, name);
      assert.notEqual(vscode.workspace.getConfiguration().inspect(name)?.defaultValue, undefined, name);
    }
  });

  test('a repository that nobody trusts can not choose the program that is started', () => {
    const { capabilities } = extension().packageJSON as { capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } } };
    assert.ok(capabilities.untrustedWorkspaces.restrictedConfigurations.includes('remit.sidecar.path'));
  });
});
