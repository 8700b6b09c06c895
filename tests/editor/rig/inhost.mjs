// node inhost.mjs RESULTS [WINDOW]: runs the mocha tests of ../inhost inside real extension hosts, where `vscode` is the real API, against
// the packed extension. The workbench takes the tests' address from its URL, but only when it was started with the smoke test
// driver; without that it ignores them in silence.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { inRoot, root } from '../../../scripts/lib/paths.mjs';
import { Failure } from '../../../scripts/lib/process.mjs';
import { script } from '../../../scripts/lib/steps.mjs';
import { launchBrowser, openPage } from './browser.mjs';
import { testBinary, testVsix } from './built.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensureEditor } from './install.mjs';
import { addWorktree, makeRepo, scratchFolder, writeFiles } from './repo.mjs';
import { exitOnSignals, installExtension, isolatedProfile, startServer } from './server.mjs';

const SOURCES = inRoot('tests', 'editor', 'inhost');
// Inside the project, so that the bundles find its node_modules.
const BUNDLES = inRoot('target', 'inhost');
const LIMIT_MS = 180_000;

exitOnSignals();

/** The windows that the tests run in, one after the other: where the tests lie, and what is opened. */
const WINDOWS = [
  { name: 'folder', tests: SOURCES, make: (scratch) => makeRepo(path.join(scratch, 'repo')) },
  { name: 'workspace', tests: path.join(SOURCES, 'workspace'), make: makeWorkspace },
];

await script(async ([results = path.join(BUNDLES, 'results.json'), only]) => {
  fs.rmSync(BUNDLES, { recursive: true, force: true });
  const outcomes = [];
  for (const window of WINDOWS.filter(({ name }) => !only || name === only)) outcomes.push(await runTests(window));
  const told = { finished: outcomes.every(({ finished }) => finished), tests: outcomes.flatMap(({ tests }) => tests) };
  fs.mkdirSync(path.dirname(path.resolve(results)), { recursive: true });
  fs.writeFileSync(results, JSON.stringify(told, null, 2));
  return outcomes.every(({ outcome }) => outcome === 0) ? 0 : 1;
});

/** Resolves with { outcome, finished, tests } of one window. */
async function runTests({ name, tests, make }) {
  const bundles = path.join(BUNDLES, name);
  const results = path.join(bundles, 'results.json');
  await bundleTests(tests, bundles);
  const scratch = scratchFolder();
  const profile = profileOf(scratch, { REMIT_BIN: testBinary(), REMIT_TEST_RESULTS: results });
  const outcome = await runInWorkbench(profile, make(scratch), bundles);
  const told = fs.existsSync(results) ? JSON.parse(fs.readFileSync(results, 'utf8')) : { finished: false, tests: [] };
  report(told.tests, outcome);
  fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  return { outcome, ...told };
}

/** Two folders of one repository, one nested in it, a linked worktree, one of two parts, some without a board, and no repository at all. */
function makeWorkspace(scratch) {
  const at = (...parts) => path.join(scratch, ...parts);
  const main = makeRepo(at('main'));
  for (const name of ['main/vendor/nested', 'quiet', 'away']) makeRepo(at(name), { 'lib.rs': 'pub fn one() {}\n' });
  makeRepo(at('parts'), { 'web/one.rs': 'pub fn one() {}\n', 'api/two.rs': 'pub fn two() {}\n', 'api/three.rs': 'pub fn three() {}\n' });
  addWorktree(main, at('main-fix'), 'fix');
  addWorktree(at('parts'), at('parts-else'), 'fix');
  addWorktree(at('away'), at('away-fix'), 'fix');
  for (const name of ['main', 'main/vendor/nested', 'parts']) execFileSync(testBinary(), ['bootstrap'], { cwd: at(name), env: profileOf(scratch).env, stdio: 'ignore' });
  writeFiles(at('loose'), { 'note.txt': 'of no repository\n' });
  const folders = ['main', 'main/src/cart', 'main/vendor/nested', 'main-fix', 'quiet', 'away-fix', 'loose', 'parts/web'].map((name) => ({ path: at(name) }));
  const file = at('several.code-workspace');
  fs.writeFileSync(file, JSON.stringify({ folders }));
  return file;
}

function profileOf(scratch, env) {
  return isolatedProfile(path.join(scratch, 'editor'), env);
}

async function bundleTests(sources, bundles) {
  const esbuild = await import('esbuild');
  const tests = fs.readdirSync(sources).filter((name) => name.endsWith('.test.ts')).map((name) => path.join(sources, name));
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries([path.join(SOURCES, 'run.ts'), ...tests].map((file) => [path.basename(file, '.ts'), file])),
    outdir: bundles,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
}

/** Resolves with the exit code that the workbench reports, or with a sentence where it reports none. */
async function runInWorkbench(profile, opened, bundles) {
  const editor = await ensureEditor();
  const chromium = await ensureChromium(editor);
  await installExtension(editor, profile, testVsix());
  const server = await startServer(editor, profile, { args: ['--vscode-option', 'enable-smoke-test-driver'] });
  const browser = await launchBrowser(editor, chromium.path);
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const code = automationExit(context);
    const page = await openPage(context, server.url(opened, testPayload(server, profile, bundles)));
    const outcome = await Promise.race([code, timeLimit()]);
    if (outcome !== 0) await keepEvidence(page);
    await page.close();
    return outcome;
  } finally {
    await browser.close();
    await server.stop();
  }
}

// The global that the workbench's web build calls when the tests have ended.
function automationExit(context) {
  return new Promise((resolve) => {
    void context.exposeFunction('codeAutomationLog', () => {});
    void context.exposeFunction('codeAutomationExit', (code) => resolve(code));
  });
}

function testPayload({ port }, profile, bundles) {
  const remote = (file) => `vscode-remote://127.0.0.1:${port}${file}`;
  return [
    ['extensionDevelopmentPath', remote(installedExtension(profile))],
    ['extensionTestsPath', remote(path.join(bundles, 'run.js'))],
  ];
}

// As installed from the VSIX: what the package left out is missing here too.
function installedExtension({ dir }) {
  const extensions = path.join(dir, 'extensions');
  const name = fs.readdirSync(extensions).find((entry) => entry.startsWith('remit.remit-'));
  if (!name) throw new Failure('the VSIX was not installed');
  return path.join(extensions, name);
}

function timeLimit() {
  return new Promise((resolve) => {
    setTimeout(() => resolve(`nothing was reported within ${LIMIT_MS / 1000} s`), LIMIT_MS).unref();
  });
}

async function keepEvidence(page) {
  const pictures = inRoot('screenshots', 'inhost');
  fs.mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: path.join(pictures, 'failed.png') });
  fs.writeFileSync(path.join(pictures, 'failed.console.txt'), page.consoleLines.join('\n'));
}

function report(tests, outcome) {
  for (const { title, ms, error } of tests) {
    console.log(error ? `✖ ${title} (${ms} ms)\n${error}` : `✔ ${title} (${ms} ms)`);
  }
  if (outcome !== 0) console.log(`the workbench's answer: ${outcome}; its picture and console are in screenshots/inhost`);
}
