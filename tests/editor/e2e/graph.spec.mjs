// The graph as a person uses it: opened from the Board view, read in any theme, zoomed, searched, and left by a click on a module.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { makeRepo, writeFiles } from '../rig/repo.mjs';
import { scenario } from '../rig/scenario.mjs';
import { until } from '../rig/until.mjs';

const MODULES = [
  { id: 'schema', title: 'The tables <b>of</b> the shop', owned_paths: ['db'] },
  { id: 'api', title: 'What the shop offers', depends_on: ['schema'], owned_paths: ['src/api'] },
  { id: 'cart', depends_on: ['api'] },
  { id: 'search', depends_on: ['api', 'schema'] },
  { id: 'docs', title: 'Pages for people' },
];
const MANY = Array.from({ length: 495 }, (_, n) => ({ id: `m${n}`, depends_on: n < 20 ? [] : [`m${n - 20}`, `m${n - 1 - (n % 7)}`] }));

scenario('the graph of a board', async (editor) => {
  const repo = makeRepo(editor.path('repo'));
  const run = (...args) => {
    const answer = editor.remit(repo, ...args);
    assert.ok(answer.ok, JSON.stringify(answer));
    return answer.result;
  };
  const plan = (name, modules) => {
    fs.writeFileSync(editor.path(name), JSON.stringify({ modules }));
    run('import-plan', editor.path(name));
  };
  run('bootstrap');
  plan('plan.json', MODULES);
  const { agent_id: other } = run('init-agent', '--thread-key', 'other', '--window-id', 'other');
  const window = await editor.open(repo, 'A');
  const page = window.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  const box = (id) => page.locator(`[data-module="${id}"]`);
  const width = () => page.locator('svg.remit-graph').evaluate((svg) => Math.round(svg.getBoundingClientRect().width));
  const place = () => page.locator('#picture').evaluate((frame) => [frame.scrollLeft, frame.scrollTop].map(Math.round));

  await editor.step('the Board view opens it, with every module and what it waits for', async () => {
    await window.container('Remit');
    await window.row('Board', 'docs').first().waitFor();
    await window.viewAction('Board', 'Show Graph');
    await box('search').waitFor();
    assert.equal(await page.locator('.edge').count(), 4);
    assert.match(await box('schema').getAttribute('aria-label'), /^schema: The tables <b>of<\/b> the shop \(todo\)$/);
  });

  await editor.step('a claim elsewhere is drawn at once, and place, zoom and focus stay', async () => {
    await box('search').focus();
    await window.page.keyboard.press('+');
    await window.page.keyboard.press('+');
    const [before, at] = [await width(), await place()];
    run('claim', '--module', 'schema', '--agent-id', other);
    await page.locator('.module.in-progress[data-module="schema"]').waitFor();
    assert.equal(await width(), before);
    assert.deepEqual(await place(), at);
    assert.equal(await page.locator(':focus').getAttribute('data-module'), 'search');
    assert.equal(await page.locator('.edge.lit').count(), 2);
  });

  await editor.step('Enter opens the module in the Board view', async () => {
    await window.page.keyboard.press('Enter');
    await window.view('Board').locator('.monaco-list-row.focused', { hasText: 'search' }).waitFor();
  });

  await editor.step('a search lets the others step back, and a click opens what was found', async () => {
    await page.locator('#find').fill('what offers');
    assert.equal(await page.locator('.module.other').count(), 4);
    await page.locator('#find').press('Enter');
    await box('api').click();
    await window.view('Board').locator('.monaco-list-row.focused', { hasText: 'api' }).waitFor();
    await page.locator('#find').fill('');
  });

  const hidden = async () => {
    await window.openFile('src/cart/total.rs');
    await page.locator('#picture').waitFor({ state: 'detached' });
    await window.page.getByRole('tab', { name: /^Graph/ }).click();
  };
  // The workbench's own command writes down what the page remembers; a browser's reload may come before that.
  const reloaded = () => Promise.all([window.page.waitForEvent('load'), window.palette('Developer: Reload Window')]);
  for (const [what, away] of [['hidden and shown again', hidden], ['there again in a window that was loaded anew', reloaded]]) {
    await editor.step(`a graph that is ${what} keeps its zoom, its place, the chosen module and the search`, async () => {
      await box('api').focus();
      await window.page.keyboard.press('+');
      await page.locator('#find').fill('schema');
      const before = { width: await width(), place: await place() };
      // What the page remembers, it writes down a moment later.
      await page.locator('#picture').evaluate(() => new Promise((resolve) => setTimeout(resolve, 400)));
      await away();
      await page.locator('.module.lit[data-module="api"]').waitFor();
      assert.deepEqual({ width: await width(), place: await place() }, before);
      assert.equal(await page.locator('.edge.lit').count(), 3);
      assert.equal(await page.locator('#find').inputValue(), 'schema');
      assert.equal(await page.locator('.module.other').count(), 4);
      await page.locator('#find').fill('');
    });
  }

  for (const theme of ['Default Dark Modern', 'Default High Contrast']) {
    await editor.step(`it follows the theme ${theme}`, async () => {
      const paper = () => page.locator('svg.remit-graph').evaluate((svg) => getComputedStyle(svg).backgroundColor);
      const before = await paper();
      writeFiles(repo, { '.vscode/settings.json': JSON.stringify({ 'workbench.colorTheme': theme }) });
      await until(async () => (await paper()) !== before);
    });
  }

  await editor.step('500 modules are drawn soon, and zooming stays smooth', async () => {
    const begun = Date.now();
    plan('many.json', MANY);
    await box('m494').waitFor({ state: 'attached' });
    const drawn = Date.now() - begun;
    const frames = await page.locator('#picture').evaluate(async (frame) => {
      const times = [];
      for (let n = 0; n < 30; n += 1) {
        const begun = performance.now();
        frame.dispatchEvent(new WheelEvent('wheel', { deltaY: n < 15 ? 40 : -40, ctrlKey: true, clientX: 300, clientY: 300, bubbles: true, cancelable: true }));
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        times.push(performance.now() - begun);
      }
      return times.sort((a, b) => a - b);
    });
    console.log(`500 modules: ${drawn} ms from import to drawn; a turn of the wheel: median ${Math.round(frames[15])} ms, slowest ${Math.round(frames[29])} ms`);
  });

  await editor.step('a turn of the wheel stretches what was drawn; it is drawn anew, sharp, once the wheel rests', async () => {
    const turned = await page.locator('#picture').evaluate(async (frame) => {
      const svg = frame.querySelector('svg.remit-graph');
      const look = () => ({ drawn: svg.getAttribute('width'), shown: svg.getBoundingClientRect().width });
      const before = look();
      frame.dispatchEvent(new WheelEvent('wheel', { deltaY: -40, ctrlKey: true, clientX: 300, clientY: 300, bubbles: true, cancelable: true }));
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const after = look();
      return { drawnAnew: after.drawn !== before.drawn, larger: after.shown > before.shown };
    });
    assert.deepEqual(turned, { drawnAnew: false, larger: true });
    const svg = page.locator('svg.remit-graph');
    await until(async () => Math.abs(Number(await svg.getAttribute('width')) - (await width())) <= 1);
    await page.locator('#all').click();
  });
});
