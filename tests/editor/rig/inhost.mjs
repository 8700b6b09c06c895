// node inhost.mjs RESULTS: runs the mocha tests of ../inhost inside a real extension host, where `vscode` is the real API, against
// the packed extension. The workbench takes the tests' address from its URL, but only when it was started with the smoke test
// driver; without that it ignores them in silence.
import fs from 'node:fs';
import path from 'node:path';
import { inRoot, root } from '../../../scripts/lib/paths.mjs';
import { Failure } from '../../../scripts/lib/process.mjs';
import { script } from '../../../scripts/lib/steps.mjs';
import { launchBrowser, openPage } from './browser.mjs';
import { testBinary, testVsix } from './built.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensureEditor } from './install.mjs';
import { makeRepo, scratchFolder } from './repo.mjs';
import { exitOnSignals, installExtension, isolatedProfile, startServer } from './server.mjs';

const SOURCES = inRoot('tests', 'editor', 'inhost');
// Inside the project, so that the bundles find its node_modules.
const BUNDLES = inRoot('target', 'inhost');
const LIMIT_MS = 180_000;

exitOnSignals();

await script(async ([results = path.join(BUNDLES, 'results.json')]) => {
  await bundleTests();
  const scratch = scratchFolder();
  const repo = makeRepo(path.join(scratch, 'repo'));
  const profile = isolatedProfile(path.join(scratch, 'editor'), { REMIT_BIN: testBinary(), REMIT_TEST_RESULTS: path.resolve(results) });
  const outcome = await runInWorkbench(profile, repo);
  report(results, outcome);
  fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  return outcome === 0 ? 0 : 1;
});

async function bundleTests() {
  const esbuild = await import('esbuild');
  fs.rmSync(BUNDLES, { recursive: true, force: true });
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: fs.readdirSync(SOURCES).filter((name) => name === 'run.ts' || name.endsWith('.test.ts')).map((name) => path.join(SOURCES, name)),
    outdir: BUNDLES,
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
async function runInWorkbench(profile, repo) {
  const editor = await ensureEditor();
  const chromium = await ensureChromium(editor);
  await installExtension(editor, profile, testVsix());
  const server = await startServer(editor, profile, { args: ['--vscode-option', 'enable-smoke-test-driver'] });
  const browser = await launchBrowser(editor, chromium.path);
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const code = automationExit(context);
    const page = await openPage(context, server.url(repo, testPayload(server, profile)));
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

function testPayload({ port }, profile) {
  const remote = (file) => `vscode-remote://127.0.0.1:${port}${file}`;
  return [
    ['extensionDevelopmentPath', remote(installedExtension(profile))],
    ['extensionTestsPath', remote(path.join(BUNDLES, 'run.js'))],
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

function report(results, outcome) {
  const { tests } = fs.existsSync(results) ? JSON.parse(fs.readFileSync(results, 'utf8')) : { tests: [] };
  for (const { title, ms, error } of tests) {
    console.log(error ? `✖ ${title} (${ms} ms)\n${error}` : `✔ ${title} (${ms} ms)`);
  }
  if (outcome !== 0) console.log(`the workbench's answer: ${outcome}; its picture and console are in screenshots/inhost`);
}
