// The pages that stand for VS Code windows. Nothing in them may reach the network, and hidden pages run at full speed:
// of several windows only one is in front.
import { playwright } from './chromium.mjs';

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];
const WORKBENCH_MS = 60_000;

export const launchBrowser = (editor, executablePath) =>
  playwright(editor).chromium.launch({ executablePath, headless: true, args: ARGS });

/** A page on `url`; what it says on its console is kept in `page.consoleLines`, what it was refused in `page.blocked`. */
export async function openPage(context, url) {
  const page = await context.newPage();
  page.consoleLines = [];
  page.blocked = [];
  page.on('console', (message) => page.consoleLines.push(`[${message.type()}] ${message.text()}`));
  page.on('pageerror', (error) => page.consoleLines.push(`[pageerror] ${error.message}`));
  await page.route(leavesTheMachine, (route) => {
    page.blocked.push(route.request().url());
    return route.abort();
  });
  await page.goto(url, { waitUntil: 'domcontentloaded', timeout: WORKBENCH_MS });
  return page;
}

/** A page whose workbench has drawn its status bar. */
export async function openWorkbench(context, url) {
  const page = await openPage(context, url);
  await page.waitForSelector('.monaco-workbench .part.statusbar .statusbar-item', { timeout: WORKBENCH_MS });
  return page;
}

const leavesTheMachine = (url) => url.protocol.startsWith('http') && url.hostname !== '127.0.0.1';
