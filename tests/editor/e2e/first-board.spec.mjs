// A newcomer's first walk: a repository without a board, one made by a button, paths claimed where they are looked at, and
// proposals that git's changes suggest.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { makeRepo, writeFiles } from '../rig/repo.mjs';
import { scenario } from '../rig/scenario.mjs';
import { until } from '../rig/until.mjs';

const WALKTHROUGH = 'Share a repository without collisions';

scenario('from no board to owned paths', async (editor) => {
  const repo = makeRepo(editor.path('repo'), {
    'README.md': '# Sample\n',
    'app/[id]/page.txt': 'One page for each.\n',
    'src/cart/total.rs': 'pub fn total() {}\n',
    'src/search/query.rs': 'pub fn query() {}\n',
  });
  const window = await editor.open(repo, 'A');
  const modules = () => editor.remit(repo, 'modules').result.modules;

  await editor.step('a repository without a board offers to make one, and nothing is written', async () => {
    await window.container('Remit');
    await window.welcome('Board', 'Make a Board').waitFor();
    await window.statusItem('no board').waitFor();
    assert.ok(!fs.existsSync(path.join(repo, 'project-plan')));
  });

  await editor.step('the palette has no commands that make no sense yet', async () => {
    await window.press('F1');
    await window.page.keyboard.type('Remit:');
    const entries = (await window.picks()).join('\n');
    assert.match(entries, /Make a Board/);
    assert.doesNotMatch(entries, /Claim|Release|Hand Off/);
    await window.press('Escape');
  });

  await editor.step('of the walkthrough nothing is done yet', async () => {
    await window.walkthrough(WALKTHROUGH);
    for (const step of ['board', 'plan', 'claim', 'collide']) await window.tick(step, false).waitFor();
  });

  await editor.step('the button makes the board, which is empty, and ticks the first step', async () => {
    await window.welcome('Board', 'Make a Board').click();
    await window.welcome('Board', 'Add a Module').waitFor();
    await window.statusItem('repo#1').waitFor();
    await window.tick('board', true).waitFor();
    for (const step of ['plan', 'collide']) await window.tick(step, false).waitFor();
    await window.press('Control+W');
  });

  await editor.step('a module is added by answering three questions', async () => {
    await window.welcome('Board', 'Add a Module').click();
    await window.answer('search', 'What is the module called?');
    await window.answer('Find things', 'What is it about');
    await window.answer('src/search', 'Which paths does it own?');
    await window.answer('', 'Which else?');
    await window.row('Board', /search.*Find things/).waitFor();
    assert.deepEqual(modules().map(({ id, owned_paths }) => [id, owned_paths]), [['search', ['src/search']]]);
  });

  await editor.step('a folder is claimed where it is seen, by its literal name', async () => {
    // The board's folder has just come: until it stands there too, rows move under the pointer.
    await (await window.explorerRow('project-plan')).waitFor();
    await window.contextMenu(await window.explorerRow('app'), 'Claim These Paths…');
    await window.answer('Rewrite the page', 'What do you want to do with this path?');
    await window.container('Remit');
    await window.row('Board', /Rewrite the page/).waitFor();
    await until(async () => (await window.badge('app')).includes('◇'));
  });

  await editor.step('the open file is claimed, though its name has brackets', async () => {
    await window.openFile('app/[id]/page.txt');
    await window.palette('Remit: Claim These Paths…');
    await window.answer('', 'What do you want to do with this path?');
    await until(() => modules().some(({ owned_paths }) => owned_paths.includes('app/\\[id\\]/page.txt')));
  });

  await editor.step('what changed is proposed, with the evidence', async () => {
    writeFiles(repo, { 'src/cart/total.rs': 'pub fn total() -> u32 { 0 }\n', 'src/cart/tax.rs': 'pub fn tax() {}\n' });
    await window.palette('Remit: Claim Module');
    await window.page.getByPlaceholder('Which module do you want to work on?').waitFor();
    await window.pick('search');
    await until(() => modules().some(({ id, status }) => id === 'search' && status === 'in-progress'));
    await window.palette('Remit: Infer Paths of Module…');
    await window.page.getByPlaceholder('For which module do you want proposals?').waitFor();
    await window.pick('search');
    await window.page.getByPlaceholder('Which of these paths does search own?').waitFor();
    assert.match((await window.picks()).join('\n'), /src.*2 files/);
  });

  await editor.step('the chosen ones are added', async () => {
    await window.page.keyboard.press('Enter');
    await until(() => modules().some(({ id, owned_paths }) => id === 'search' && owned_paths.includes('src')));
  });

  await editor.step('a refusal says why, and what to do', async () => {
    assert.ok(editor.remit(repo, 'add-module', 'late', '--depends-on', 'search').ok);
    await window.palette('Remit: Add Module…');
    await window.answer('late', 'What is the module called?');
    await window.answer('', 'What is it about');
    await window.answer('', 'Which paths does it own?');
    await window.page.getByPlaceholder('What must be done before late?').waitFor();
    await window.page.keyboard.press('Enter');
    await window.notification(/late/).waitFor();
  });

  await editor.step('finishing frees what waited for it', async () => {
    await window.container('Remit');
    await window.rowAction('Board', /search.*left/, 'Finish Module');
    await until(() => modules().some(({ id, status }) => id === 'search' && status === 'done'));
    await window.row('Board', /late/).waitFor();
  });

  await editor.step('the status page opens', async () => {
    await window.palette('Remit: Open Status Page');
    await window.tab('STATUS.md').waitFor();
    const frame = window.page.frameLocator('iframe.webview').frameLocator('iframe');
    await frame.locator('h1').first().waitFor();
  });
});

scenario('the walkthrough begins with ticks at what was done before it is opened, or before there was a window', async (editor) => {
  const repo = makeRepo(editor.path('repo'));
  for (const command of [['bootstrap'], ['add-module', 'cart'], ['init-agent', '--thread-key', 'me'], ['claim', '--module', 'cart']]) {
    assert.ok(editor.remit(repo, ...command).ok, command.join(' '));
  }
  const window = await editor.open(repo, 'A');
  await window.container('Remit');
  await window.row('Board', /cart.*left/).waitFor();

  await editor.step('the board, the module, the claim and the view are ticked', async () => {
    await window.walkthrough(WALKTHROUGH);
    for (const step of ['board', 'plan', 'claim', 'collide']) await window.tick(step, true).waitFor();
    await window.tick('handoff', false).waitFor();
  });
}, { settings: { 'remit.agent.threadKey': 'me' } });
