// What a person does in a VS Code window, and what they see there, in the words of a person. Selectors of the workbench's
// insides are in this file alone: a new version of VS Code changes this file and no test.
import { until } from './until.mjs';

const QUICK_INPUT = '.quick-input-widget:visible';
const RETRY_MS = 2_000;
const RETRIES = 10;

/** A window: its page, and the name that its screenshots carry. */
export class Workbench {
  constructor(page, name) {
    this.page = page;
    this.name = name;
  }

  // ---- keyboard ----

  async press(...keys) {
    await this.page.bringToFront();
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Runs a command by its full title, as the palette shows it. */
  async palette(title) {
    await this.press('F1');
    await this.#fillQuickInput(`>${title}`);
    await this.pick(title);
  }

  /** Chooses the entry of the open quick pick whose label is `label` (a string: all of it; a pattern: any that matches). */
  async pick(label) {
    const name = this.page.locator('.label-name', { hasText: asPattern(label) });
    await this.page.locator(`${QUICK_INPUT} .monaco-list-row`).filter({ has: name }).first().click();
  }

  /** Ticks these entries of the quick pick that asks `question`, and goes on; none of them is an answer, too. */
  async pickSeveral(question, ...labels) {
    await this.page.getByPlaceholder(question).waitFor();
    for (const label of labels) await this.pick(label);
    await this.page.keyboard.press('Enter');
  }

  /** The labels, descriptions and details of the open quick pick's entries, one string each. */
  async picks() {
    await this.page.locator(`${QUICK_INPUT} .monaco-list-row`).first().waitFor();
    return texts(this.page.locator(`${QUICK_INPUT} .monaco-list-row`));
  }

  /** Answers the open input box; with `question`, once it is that question which it asks. */
  async answer(text, question) {
    if (question) await this.page.locator(QUICK_INPUT, { hasText: question }).waitFor();
    await this.#fillQuickInput(text);
    await this.page.keyboard.press('Enter');
  }

  async #fillQuickInput(text) {
    const input = this.page.locator(`${QUICK_INPUT} .quick-input-box input`);
    await input.waitFor({ state: 'visible' });
    await input.fill(text);
  }

  // ---- editors ----

  /** Opens a file of the folder by its relative path, in an editor that stays. */
  async openFile(file) {
    const base = file.split('/').at(-1);
    await this.press('Control+P');
    await this.#fillQuickInput(file);
    await this.pick(base);
    await this.tab(base).waitFor();
    await this.page.locator('.editor-instance .monaco-editor .view-line').first().waitFor();
  }

  /** Opens a walkthrough by its title. */
  async walkthrough(title) {
    await this.palette('Welcome: Open Walkthrough...');
    await this.pick(title);
    await this.page.locator('.getting-started-step.expanded').waitFor();
  }

  /** The tick of a step of the walkthrough that is open, while it is set or while it is not. */
  tick(step, set) {
    return this.page.locator(`[data-done-step-id$="#${step}"][aria-checked="${set}"]`);
  }

  tab(base) {
    return this.page.locator('.tabs-container .tab', { hasText: base }).first();
  }

  /** Puts the cursor at the start of a line (1-based) of the active editor. */
  async goTo(line) {
    await this.press('Control+G');
    await this.answer(`:${line}`);
    await this.page.locator(QUICK_INPUT).waitFor({ state: 'hidden' });
    await this.page.keyboard.press('Home');
  }

  /** Types at the start of a line (1-based) of the active editor, and saves nothing. */
  async type(text, { line = 1 } = {}) {
    await this.goTo(line);
    // A quick input that has just been closed takes an Enter or two for a busy workbench, until the cursor is told to be there.
    await this.statusItem(`Ln ${line}, Col`).waitFor();
    await this.page.keyboard.type(text);
  }

  /** The lines in view of the active editor that contain `text`. */
  line(text) {
    return this.page.locator('.editor-instance .view-line', { hasText: text });
  }

  /** The lines of the open comparison that contain `text`, on its side: 'theirs' is the left one, 'mine' the right one. */
  compared(side, text) {
    const editor = { theirs: 'original', mine: 'modified' }[side];
    return this.page.locator(`.monaco-diff-editor .editor.${editor} .view-line`, { hasText: text });
  }

  /** Takes back what was typed in the active editor, until it is as it was saved. */
  async undoAll() {
    await until(async () => {
      await this.press('Control+Z');
      return !(await this.page.locator('.tabs-container .tab.active.dirty').isVisible());
    });
  }

  async save() {
    await this.press('Control+S');
    await this.page.locator('.tabs-container .tab.active.dirty').waitFor({ state: 'detached' });
  }

  /** The squiggles of `severity` (error, warning, info, hint) in the active editor. */
  squiggles(severity = 'warning') {
    return this.page.locator(`.monaco-editor .squiggly-${severity}`);
  }

  /** Resolves with the time (ms since 1970) of the first frame in which there is a squiggle, or there is none any more. */
  whenSquiggles(wanted) {
    return this.page.evaluate(async (there) => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const isThere = () => document.querySelector('.monaco-editor [class*="squiggly-"]') !== null;
      while (isThere() !== there) await frame();
      return performance.timeOrigin + performance.now();
    }, wanted);
  }

  /** Resolves with the time (ms since 1970) of the first frame in which a row of the side bar has this text. */
  whenRow(text) {
    return this.page.evaluate(async (wanted) => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const isThere = () => [...document.querySelectorAll('.sidebar .monaco-list-row')].some((row) => row.textContent.includes(wanted));
      while (!isThere()) await frame();
      return performance.timeOrigin + performance.now();
    }, text);
  }

  /** How many milliseconds an extension's activation took, as the editor itself says. */
  async activation(extension) {
    await this.palette('Developer: Show Running Extensions');
    const rows = this.page.locator('.runtime-extensions-editor .monaco-list-row');
    const entry = rows.filter({ hasText: extension }).first();
    // The slowest stand first, and only the rows in view are there at all.
    await rows.first().hover();
    await until(async () => (await entry.isVisible()) || (await this.page.mouse.wheel(0, 200)));
    return Number(/Activation: (\d+)ms/.exec(await entry.innerText())[1]);
  }

  /** Opens the light bulb's menu where the cursor is and chooses a fix. */
  async quickFix(title) {
    await this.#openQuickFixes();
    await this.page.locator('.action-widget .monaco-list-row', { hasText: title }).first().click();
  }

  /** The suggestions where the cursor is, once `text` is among them; a language that is still waking has none of its own. */
  async suggestion(text) {
    const rows = this.page.locator('.suggest-widget .monaco-list-row');
    await persist(async () => {
      await this.press('Escape', 'Control+Space');
      await rows.filter({ hasText: text }).first().waitFor({ timeout: RETRY_MS });
    });
  }

  /** The light bulb's menu where the cursor is, open. */
  async quickFixes() {
    await this.#openQuickFixes();
    return this.page.locator('.action-widget').first();
  }

  // The look that the workbench itself takes for the light bulb, soon after the cursor has moved, swallows a request that is
  // under way: a person presses again, and so do we.
  async #openQuickFixes() {
    const menu = this.page.locator('.action-widget .monaco-list-row').first();
    await persist(async () => {
      await this.press('Control+.');
      await menu.waitFor({ timeout: RETRY_MS });
    });
  }

  // ---- panels and views ----

  /** Shows the Problems panel; the locator has its rows, those with `text` when given. */
  async problems(text) {
    const panel = this.page.locator('.markers-panel');
    if (!(await panel.isVisible())) await this.press('Control+Shift+M');
    await panel.waitFor();
    return panel.locator('.monaco-list-row', text === undefined ? {} : { hasText: text });
  }

  async closePanel() {
    const panel = this.page.locator('.part.panel');
    if (await panel.isVisible()) await this.press('Control+J');
    await panel.waitFor({ state: 'hidden' });
  }

  /** Opens a view container of the activity bar by its title; it stays open when it is already. */
  async container(title) {
    await this.page.bringToFront();
    const item = this.page.locator('.activitybar .action-item', { has: this.page.locator(`.action-label[aria-label^="${title}"]`) }).first();
    await item.waitFor();
    const shown = item.and(this.page.locator('.checked'));
    if (!(await shown.isVisible())) await item.click();
    await shown.waitFor();
  }

  /** The pane of a view by its title. */
  view(title) {
    const header = this.page.locator('.pane-header', { has: this.page.locator('.title', { hasText: asPattern(title, 'i') }) });
    return this.page.locator('.sidebar .pane', { has: header });
  }

  /** Unfolds views of the container that is open. */
  async expand(...titles) {
    for (const title of titles) await this.#fold(title, false);
  }

  /** Folds the container's other views away. */
  async only(title) {
    const titles = await this.page.locator('.sidebar .pane-header .title').allInnerTexts();
    await this.expand(title);
    for (const other of titles.filter((one) => one.toLowerCase() !== title.toLowerCase())) await this.#fold(other, true);
  }

  async #fold(title, away) {
    const header = this.view(title).locator('.pane-header');
    if ((await header.getAttribute('aria-expanded')) === String(away)) await header.locator('.title').click();
    await header.and(this.page.locator(`[aria-expanded="${String(!away)}"]`)).waitFor();
  }

  /** Makes the side bar wider by so many pixels, or narrower. */
  async widenSideBar(pixels) {
    const { x, y, width } = await this.page.locator('.part.sidebar').boundingBox();
    await this.page.mouse.move(x + width, y + 200);
    await this.page.mouse.down();
    await this.page.mouse.move(x + width + pixels, y + 200, { steps: 5 });
    await this.page.mouse.up();
  }

  /** What a row or a label says when the pointer rests on it. */
  async hoverOn(locator) {
    const hover = this.page.locator('.workbench-hover:visible').last();
    await persist(async () => {
      await this.page.mouse.move(0, 0);
      await this.page.locator('.workbench-hover:visible').waitFor({ state: 'detached', timeout: RETRY_MS });
      await locator.hover();
      await hover.waitFor({ timeout: RETRY_MS });
    });
    return hover;
  }

  /** The rows of a view that contain `text`. */
  row(view, text) {
    return this.view(view).locator('.monaco-list-row', { hasText: text });
  }

  /** Presses a button of a view's row, which shows while the pointer is over it. */
  async rowAction(view, text, action) {
    await this.page.bringToFront();
    const row = this.row(view, text).first();
    const button = row.locator(`.actions .action-label[aria-label^="${action}"]`).first();
    // A row that is drawn anew under the pointer shows its buttons when the pointer moves again.
    await persist(async () => {
      await this.page.mouse.move(0, 0);
      await row.hover();
      await button.click({ trial: true, timeout: RETRY_MS });
    });
    await button.click();
  }

  /** Presses a button of a view's title bar. */
  async viewAction(view, action) {
    await this.page.bringToFront();
    const pane = this.view(view);
    await pane.hover();
    await pane.locator(`.pane-header .action-label[aria-label^="${action}"]`).first().click();
  }

  /** The button or link of a view's welcome content. */
  welcome(view, text) {
    return this.view(view).locator('.welcome-view').locator('a, .monaco-button', { hasText: text }).first();
  }

  /** What a view says where it has nothing to show. */
  welcomeText(view, text) {
    return this.view(view).locator('.welcome-view', { hasText: text });
  }

  /** Resolves when the view container's icon counts `count`. */
  async badgeOf(title, count) {
    const item = this.page.locator('.activitybar .action-item', { has: this.page.locator(`.action-label[aria-label^="${title}"]`) });
    await item.locator('.badge-content', { hasText: asPattern(count) }).first().waitFor();
  }

  /** Chooses an entry of the context menu of a locator. */
  async contextMenu(locator, entry) {
    await this.page.bringToFront();
    await locator.click({ button: 'right' });
    // A menu takes no mouse button in its first 100 ms; the keyboard it takes at once.
    await this.page.locator('.monaco-menu .action-menu-item', { hasText: entry }).first().hover();
    await this.page.keyboard.press('Enter');
  }

  /** A file's or folder's row in the explorer. */
  async explorerRow(name) {
    await this.container('Explorer');
    return this.page.locator('.explorer-folders-view .monaco-list-row', { hasText: asPattern(name) }).first();
  }

  /** The letters that decorate a row of the explorer. */
  async badge(name) {
    const row = await this.explorerRow(name);
    const content = await row.locator('.monaco-icon-label').evaluate((label) => getComputedStyle(label, '::after').content);
    return content === 'none' ? '' : content.replaceAll('"', '');
  }

  // ---- elsewhere ----

  statusItem(text) {
    return this.page.locator('.part.statusbar .statusbar-item', { hasText: text });
  }

  notification(text) {
    return this.page.locator('.notification-toast', { hasText: text });
  }

  /** Presses a button of a notification or of a modal dialog. */
  async button(label) {
    await this.page.bringToFront();
    await this.page.locator('.notification-toast .monaco-button, .monaco-dialog-box .monaco-button', { hasText: label }).first().click();
  }

  /** Closes what is open over the window, and takes the pointer away. */
  async rest() {
    await this.page.mouse.move(640, 0);
    await this.press('Escape', 'Escape');
  }

  async screenshot(file) {
    await this.page.screenshot({ path: file });
  }

  /** Closes the window as a person does, so that its extension host shuts down in order. */
  close() {
    return this.page.close({ runBeforeUnload: false });
  }
}

const texts = (locator) => locator.evaluateAll((rows) => rows.map((row) => row.innerText.replace(/\s+/g, ' ').trim()));

const escapePattern = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const asPattern = (label, flags) => (label instanceof RegExp ? label : new RegExp(`^\\s*${escapePattern(label)}\\s*$`, flags));

// As a person does, whom a workbench that is busy did not hear.
async function persist(attempt) {
  for (let left = RETRIES; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}
