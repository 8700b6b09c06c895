// A scenario is a test in the real editor: its own server, its own home, its own scratch folder, any number of windows. What a
// passing test cannot see, a person can: each step leaves a picture of every window in screenshots/.
import test from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { inRoot } from '../../../scripts/lib/paths.mjs';
import { launchBrowser, openWorkbench } from './browser.mjs';
import { testBinary, testVsix } from './built.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensureEditor } from './install.mjs';
import { scratchFolder } from './repo.mjs';
import { exitOnSignals, installExtension, isolatedProfile, startServer } from './server.mjs';
import { Workbench } from './workbench.mjs';

const ACTION_MS = 60_000;
const SCENARIO_MS = 180_000;
const VIEWPORT = { width: 1280, height: 800 };

// Asks nothing by itself.
const WARY = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.emptyWindow': false,
};

exitOnSignals();

/** Declares a test; `body` gets an `EditorUnderTest`. */
export function scenario(title, body, options = {}) {
  test(title, () => inEditor(title, body, options));
}

/** The same, where no test runs. `patience` is how long one step of a person may take; with `trusting: false` no folder is trusted
 * before somebody says so; `scale` is how many dots of a picture a pixel has. */
export async function inEditor(title, body, { settings = {}, env = {}, timeout = SCENARIO_MS, patience = ACTION_MS, trusting = true, scale = 1 } = {}) {
  const editor = await EditorUnderTest.start(title, trusting ? settings : { ...settings, ...WARY }, { env, patience, trusting, scale });
  try {
    return await within(timeout, body(editor));
  } catch (error) {
    await editor.keepEvidence();
    throw error;
  } finally {
    await editor.stop();
  }
}

class EditorUnderTest {
  static async start(title, settings, { env, patience, trusting, scale }) {
    const self = new EditorUnderTest();
    const files = await ensureEditor();
    const chromium = await ensureChromium(files);
    self.slug = slug(title);
    self.pictures = freshFolder(inRoot('screenshots', self.slug));
    self.scratch = scratchFolder();
    self.windows = [];
    self.steps = 0;
    self.profile = isolatedProfile(path.join(self.scratch, 'editor'), { REMIT_BIN: testBinary(), ...env });
    if (!trusting) self.profile.args = self.profile.args.filter((arg) => arg !== '--disable-workspace-trust');
    self.profile.settings = { ...self.profile.settings, ...settings };
    await installExtension(files, self.profile, testVsix());
    self.server = await startServer(files, self.profile);
    self.browser = await launchBrowser(files, chromium.path);
    self.context = await self.browser.newContext({ viewport: VIEWPORT, deviceScaleFactor: scale });
    self.context.setDefaultTimeout(patience);
    return self;
  }

  /** A path in the scenario's scratch folder. */
  path(...parts) {
    return path.join(this.scratch, ...parts);
  }

  /** Opens a window on `folder`; `name` is what its screenshots are called. */
  async open(folder, name) {
    const page = await openWorkbench(this.context, this.server.url(folder));
    const window = new Workbench(page, name);
    this.windows.push(window);
    return window;
  }

  /** Does `work` and takes a picture of every window afterwards; a failure says in which step it happened. */
  async step(title, work) {
    this.steps += 1;
    try {
      const value = await work();
      await this.#picture(`${String(this.steps).padStart(2, '0')}-${slug(title)}`);
      return value;
    } catch (error) {
      throw new Error(`in the step "${title}"`, { cause: error });
    }
  }

  /** Runs `remit --json` in `folder` as a terminal of this scenario's user would; resolves with the envelope. */
  remit(folder, ...args) {
    try {
      return JSON.parse(execFileSync(testBinary(), ['--json', ...args], { cwd: folder, env: this.profile.env, encoding: 'utf8' }));
    } catch (error) {
      if (error.stdout) return JSON.parse(error.stdout);
      throw error;
    }
  }

  /** Pictures, consoles and logs of a scenario that failed. */
  async keepEvidence() {
    await this.#picture('failed');
    for (const { name, page } of this.windows) {
      fs.writeFileSync(path.join(this.pictures, `failed-${name}.console.txt`), page.consoleLines.join('\n'));
    }
    fs.cpSync(path.join(this.profile.dir, 'data', 'logs'), path.join(this.pictures, 'logs'), { recursive: true });
  }

  async #picture(title) {
    const open = this.windows.filter(({ page }) => !page.isClosed());
    for (const window of open) await window.screenshot(path.join(this.pictures, `${title}-${window.name}.png`));
  }

  // Pages first: an extension host whose page is gone shuts its extensions down in order.
  async stop() {
    for (const window of this.windows) await window.close();
    await this.browser.close();
    await this.server.stop();
    if (!process.env.REMIT_KEEP) fs.rmSync(this.scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

function within(ms, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the scenario took longer than ${ms / 1000} s`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

const slug = (title) => title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 60);

function freshFolder(dir) {
  fs.rmSync(dir, { recursive: true, force: true });
  fs.mkdirSync(dir, { recursive: true });
  return dir;
}
