// Every surface, and what a person does to see it. `of` says whose window: the shop's, or a plain repository's, without a board.
import fs from 'node:fs';
import path from 'node:path';
import { INVOICE, PLAN } from './shop.mjs';

const inShop = (name, show) => ({ name, of: 'shop', show });
const inPlain = (name, show) => ({ name, of: 'plain', show });

/** The part of the window where an element stands, with some room around it. */
async function around(locator, room = 0) {
  const { x, y, width, height } = await locator.boundingBox();
  return { x: Math.max(0, x - room), y: Math.max(0, y - room), width: width + 2 * room, height: height + 2 * room };
}

const sideBar = (window) => around(window.page.locator('.part.sidebar'));
const editorArea = (window) => around(window.page.locator('.part.editor'));

/** The Remit container with one view open, all of its rows unfolded. */
async function viewAlone(window, title) {
  await window.container('Remit');
  await window.only(title);
  await window.view(title).locator('.monaco-list-row').first().waitFor();
}

export const SURFACES = [
  inPlain('welcome-no-board', async (window) => {
    await window.container('Remit');
    await window.welcome('Board', 'Make a Board').waitFor();
    return sideBar(window);
  }),
  inPlain('welcome-empty-board', async (window) => {
    await window.welcome('Board', 'Make a Board').click();
    await window.welcome('Board', 'Add a Module').waitFor();
    await window.expand('Agents');
    await window.row('Agents', 'sam').first().waitFor();
    return sideBar(window);
  }),
  inPlain('walkthrough', async (window) => {
    await window.palette('Welcome: Open Walkthrough...');
    await window.pick('Share a repository without collisions');
    await window.page.locator('.getting-started-step.expanded').waitFor();
  }),
  inPlain('settings', async (window) => {
    await window.palette('Preferences: Open Settings (UI)');
    await window.page.locator('.settings-editor .suggest-input-container').first().waitFor();
    await window.page.keyboard.type('@ext:remit.remit');
    await window.page.locator('.setting-item-contents').nth(3).waitFor();
    await window.page.waitForTimeout(1000);
  }),
  inShop('window', async (window) => {
    await window.container('Remit');
    await window.row('Board', 'cart').first().waitFor();
    await window.openFile(INVOICE);
    await window.squiggles('warning').first().waitFor();
  }),
  inShop('board', async (window) => {
    await viewAlone(window, 'Board');
    return sideBar(window);
  }),
  inShop('board-narrow', async (window) => {
    await window.widenSideBar(-100);
    return sideBar(window);
  }),
  inShop('board-hover', async (window) => {
    await window.widenSideBar(100);
    return around(await window.hoverOn(window.row('Board', 'cart').first()), 8);
  }),
  inShop('board-hover-ready', async (window) => around(await window.hoverOn(window.row('Board', 'coupons').first()), 8)),
  inShop('board-hover-others', async (window) => around(await window.hoverOn(window.row('Board', 'billing').first()), 8)),
  inShop('board-actions', async (window) => {
    await window.row('Board', 'cart').first().hover();
    return sideBar(window);
  }),
  inShop('board-menu', async (window) => {
    await window.row('Board', 'cart').first().click({ button: 'right' });
    await window.page.locator('.monaco-menu .action-menu-item').first().waitFor();
  }),
  inShop('conflicts', async (window) => {
    await viewAlone(window, 'Conflicts');
    return sideBar(window);
  }),
  inShop('agents', async (window) => {
    await viewAlone(window, 'Agents');
    return sideBar(window);
  }),
  inShop('agents-hover', async (window) => around(await window.hoverOn(window.row('Agents', 'eve').first()), 8)),
  inShop('popup-handoff', async (window, shop) => {
    shop.goOn();
    await window.notification('hands search over').waitFor();
    return around(window.page.locator('.notifications-toasts'), 8);
  }),
  inShop('notifications', async (window, shop) => {
    shop.goOn();
    await viewAlone(window, 'Notifications');
    return sideBar(window);
  }),
  inShop('handoffs', async (window, shop) => {
    shop.goOn();
    await viewAlone(window, 'Handoffs');
    return sideBar(window);
  }),
  inShop('handoffs-hover', async (window) => around(await window.hoverOn(window.row('Handoffs', 'search').first()), 8)),
  inShop('handoff-bundle', async (window, shop) => {
    shop.goOn();
    await viewAlone(window, 'Handoffs');
    await window.row('Handoffs', 'search').first().click();
    await window.tab('search.handoff.md').waitFor();
    await window.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame').getByText('Measure it on ten thousand').waitFor();
  }),
  inShop('all-views', async (window) => {
    await window.container('Remit');
    await window.expand('Board', 'Conflicts', 'Notifications', 'Handoffs', 'Agents');
    return sideBar(window);
  }),
  inShop('explorer', async (window) => {
    for (const folder of ['shop', 'billing', 'cart', 'mails', 'search']) {
      await (await window.explorerRow(folder)).click();
    }
    await (await window.explorerRow('invoice.py')).waitFor();
    await window.page.waitForTimeout(1500);
    return sideBar(window);
  }),
  inShop('explorer-hover', async (window) => around(await window.hoverOn((await window.explorerRow('invoice.py')).locator('.monaco-icon-label')), 8)),
  inShop('squiggle-hover', async (window) => {
    await viewAlone(window, 'Conflicts');
    await window.openFile(INVOICE);
    await window.goTo(5);
    await window.squiggles('warning').first().waitFor();
    await window.page.locator('.view-line', { hasText: '0.20' }).hover({ position: { x: 20, y: 8 } });
    await window.page.locator('.monaco-hover:visible', { hasText: 'edited elsewhere' }).filter({ hasText: 'Quick Fix...' }).waitFor();
  }),
  inShop('quick-fixes', async (window) => {
    await window.openFile(INVOICE);
    await window.goTo(5);
    await window.quickFixes();
  }),
  inShop('language-status', async (window) => {
    await window.page.locator('.part.statusbar .statusbar-item[id="status.languageStatus"]').hover();
    await window.page.locator('.hover-language-status').waitFor();
  }),
  inShop('code-lens', async (window, shop) => {
    fs.mkdirSync(path.join(shop.main, '.vscode'), { recursive: true });
    fs.writeFileSync(path.join(shop.main, '.vscode', 'settings.json'), '{ "remit.codeLens": true }\n');
    await window.page.locator('.codelens-decoration').first().waitFor();
  }),
  inShop('graph', async (window) => {
    await window.palette('Remit: Show Graph');
    const page = window.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
    await page.locator('svg.remit-graph').waitFor();
    return editorArea(window);
  }),
  inShop('plan-completion', async (window) => {
    await window.openFile(PLAN);
    await window.goTo(6);
    await window.press('End');
    await window.suggestion('owned_paths');
  }),
  inShop('preflight-1', async (window) => {
    await window.palette('Remit: Preflight…');
    await window.picks();
  }),
  inShop('preflight-2', async (window) => {
    await window.palette('Remit: Preflight…');
    await window.pick('Yes, that is right');
    await window.page.getByPlaceholder('Who works on this board').waitFor();
  }),
  inShop('preflight-3', async (window) => {
    await window.palette('Remit: Preflight…');
    await window.pick('Yes, that is right');
    await window.page.getByPlaceholder('Who works on this board').waitFor();
    await window.pick(/A few windows/);
    await window.page.getByPlaceholder('May paths be claimed').waitFor();
  }),
  inShop('claim', async (window) => {
    await window.palette('Remit: Claim Module');
    await window.picks();
  }),
  inShop('commands', async (window) => {
    await window.press('F1');
    await window.page.keyboard.type('Remit:');
    await window.page.waitForTimeout(500);
  }),
  inShop('hand-off', async (window) => {
    await window.palette('Remit: Hand Off Module…');
    await window.pick('cart');
    await window.page.getByPlaceholder('To whom').waitFor();
  }),
  inShop('problems', async (window) => {
    await (await window.problems('shop')).first().waitFor();
  }),
];
