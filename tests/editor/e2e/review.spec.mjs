// Two people and a review, in two windows: handed in, looked at, sent back, handed in again, approved. What asks for somebody is
// counted on a badge and listed; a pop-up comes for what is addressed to them by name and for nothing else.
import assert from 'node:assert/strict';
import { makeRepo } from '../rig/repo.mjs';
import { scenario } from '../rig/scenario.mjs';
import { until } from '../rig/until.mjs';

const FILE = 'src/cart/total.rs';

const moduleOf = (editor, repo, id) => editor.remit(repo, 'show', id).result.module;

async function openBoard(editor, repo, name) {
  const window = await editor.open(repo, name);
  await window.container('Remit');
  await window.row('Board', 'cart').waitFor();
  return window;
}

function plannedRepository(editor) {
  const repo = makeRepo(editor.path('repo'));
  assert.ok(editor.remit(repo, 'bootstrap').ok);
  assert.ok(editor.remit(repo, 'add-module', 'cart', '--title', 'Totals', '--owned-path', 'src/cart').ok);
  return repo;
}

scenario('a review between two windows', async (editor) => {
  const repo = plannedRepository(editor);
  const [A, B] = [await openBoard(editor, repo, 'A'), await openBoard(editor, repo, 'B')];

  await editor.step('A claims by the row, and hands in by the palette', async () => {
    await A.rowAction('Board', 'cart', 'Claim Module');
    await A.row('Board', /cart.*left/).waitFor();
    await A.palette('Remit: Submit Module for Review');
    await A.pick('cart');
    await until(() => moduleOf(editor, repo, 'cart').status === 'review-ready');
  });

  await editor.step('B reviews it, and says what is to be changed', async () => {
    await B.rowAction('Board', 'cart', 'Start Review');
    await B.row('Board', /cart.*left/).waitFor();
    await B.rowAction('Board', 'cart', 'Request Changes…');
    await B.answer('The discounts lack tests', 'What is to be changed in cart?');
    await until(() => moduleOf(editor, repo, 'cart').status === 'in-progress');
  });

  await editor.step('A is called without a pop-up, and goes on', async () => {
    await A.row('Notifications', /cart.*The discounts lack tests/).waitFor();
    await A.badgeOf('Remit', '1');
    assert.equal(await A.notification('Remit').count(), 0);
    await A.rowAction('Notifications', 'cart', 'Go On after Changes');
    // The changes are still to be made: what asks for them goes away when the work is handed in again.
    await A.row('Board', /cart.*changes requested/).waitFor();
    await A.rowAction('Board', 'cart', 'Submit Module for Review');
    await until(() => moduleOf(editor, repo, 'cart').status === 'review-ready');
    await A.row('Notifications', 'cart').waitFor({ state: 'detached' });
  });

  await editor.step('B approves', async () => {
    await B.rowAction('Board', 'cart', 'Start Review');
    await B.rowAction('Board', 'cart', 'Approve Module');
    await until(() => moduleOf(editor, repo, 'cart').status === 'done');
  });

  await editor.step('A reads that it is approved, and acknowledges', async () => {
    await A.row('Notifications', /cart.*approved/).waitFor();
    await A.rowAction('Notifications', 'cart', 'Acknowledge Notifications');
    await A.row('Notifications', 'cart').waitFor({ state: 'detached' });
    await A.welcomeText('Notifications', 'Nothing asks for you').waitFor();
  });
});

scenario(
  'who owns a file is said on its first line, and a handoff to me by name comes as a pop-up',
  async (editor) => {
    const repo = plannedRepository(editor);
    const [A, B] = [await openBoard(editor, repo, 'A'), await openBoard(editor, repo, 'B')];
    const { agent_id: b } = editor.remit(repo, 'state').result.sessions.map(({ agent }) => ({ agent_id: agent })).at(-1);

    await editor.step('A claims, and both read it on the first line of the file', async () => {
      await A.rowAction('Board', 'cart', 'Claim Module');
      for (const [window, whose] of [[A, 'cart, yours, until'], [B, 'cart, of']]) {
        await window.openFile(FILE);
        await window.page.locator('.codelens-decoration', { hasText: whose }).waitFor();
      }
    });

    await editor.step('B filters the board', async () => {
      await B.palette('Remit: Filter Board…');
      await B.answer('nothing-like-it', 'Which modules are shown?');
      await B.welcomeText('Board', 'No module contains').waitFor();
      assert.equal(await B.welcome('Board', 'Claim Next Module').count(), 0, 'nothing is left to claim');
      assert.ok(editor.remit(repo, 'add-module', 'later').ok);
      await B.welcome('Board', 'Claim Next Module').waitFor();
      await B.welcome('Board', 'Show All Modules').click();
      await B.row('Board', 'cart').waitFor();
    });

    await editor.step('A hands over to B by name, and B is told by a pop-up that takes no focus', async () => {
      await B.openFile(FILE);
      const { name } = editor.remit(repo, 'state').result.agents.find(({ id }) => id === b);
      await A.palette('Remit: Hand Off Module…');
      await A.pick('cart');
      await A.pick(name);
      await A.answer('half done', 'Where does cart stand?');
      await A.answer('', 'What is to be done next?');
      await A.pickSeveral('What else does the next one need to know of cart?');
      await B.notification('hands cart over to you').waitFor();
      const focused = await B.page.evaluate(() => document.activeElement?.closest('.editor-instance') !== null);
      assert.ok(focused, 'the text keeps the focus');
    });

    await editor.step('B claims it from the pop-up', async () => {
      await B.button('Claim Handoff');
      await B.row('Board', /cart.*left/).waitFor();
      assert.equal(moduleOf(editor, repo, 'cart').owner, b);
    });
  },
  { settings: { 'remit.codeLens': true } },
);
