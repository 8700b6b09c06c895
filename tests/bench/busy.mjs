// One editor window's sidecar while the board changes all the time, and while it is large.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { makeRepo, scratchFolder } from '../editor/rig/repo.mjs';
import { cpu } from './lib/cpu.mjs';
import { figure, median, ms, quantile } from './lib/figures.mjs';
import { LspClient } from './lib/lsp-client.mjs';

const remit = process.env.REMIT_BIN;
const scratch = scratchFolder();
const CHANGES_A_SECOND = 50;
const SECONDS = 20;
const FILE = 'src/f0/main.rs';
const LINES = Array.from({ length: 2000 }, (_, n) => `let line_${n} = ${n};`).join('\n');

function board(size) {
  const repo = makeRepo(path.join(scratch, `repo-${size}`));
  const run = (args, input) => spawnSync(remit, args, { cwd: repo, input, encoding: 'utf8' });
  const modules = Array.from({ length: size }, (_, n) => ({ id: `m${n}`, owned_paths: [`src/f${n}`], priority: n % 5 }));
  run(['bootstrap']);
  const { status, stderr } = run(['import-plan', '-'], JSON.stringify({ modules }));
  if (status !== 0) throw new Error(stderr);
  return repo;
}

/** A window that asks for the board whenever it changed, but never twice at once, as the extension does. */
async function openWindow(repo) {
  const window = new LspClient(remit, repo);
  await window.initialize();
  const looks = [];
  let changed = Promise.resolve();
  const next = () => window.told(({ method }) => method === 'remit/boardChanged');
  const loop = async () => {
    for (;;) {
      await changed;
      window.forget();
      changed = next();
      const begun = performance.now();
      await window.board();
      looks.push(performance.now() - begun);
    }
  };
  void loop();
  return { window, looks };
}

async function retitle(window, n, title) {
  const answer = await window.command('edit-module', { id: `m${n}`, title });
  if (!answer.ok) throw new Error(JSON.stringify(answer));
}

/** Changes the board so often that a second has `CHANGES_A_SECOND` of them, until `stop`. */
function storm(other) {
  let n = 0;
  const timer = setInterval(() => void retitle(other, n % 50, `title ${(n += 1)}`), 1000 / CHANGES_A_SECOND);
  return { stop: () => clearInterval(timer) };
}

const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function changesAllTheTime() {
  const repo = board(300);
  const { window } = await openWindow(repo);
  const other = new LspClient(remit, repo);
  await other.initialize();
  window.open(FILE, LINES);
  const changes = storm(other);
  await sleep(1);
  const used = await cpu(window.process.pid, () => sleep(SECONDS));
  figure(`CPU of a window at ${CHANGES_A_SECOND} board changes a second`, `${used.toFixed(1)} %`, 'of one core; aim 20 %');

  const answers = [];
  for (let at = 1; at <= 100; at += 1) {
    const text = `${LINES}\n${'x'.repeat(at)}`;
    window.notify('textDocument/didChange', { textDocument: { uri: window.uri(FILE), version: at + 1 }, contentChanges: [{ text }] });
    const begun = performance.now();
    await window.request('remit/query', { query: 'who-owns', arguments: { paths: [FILE] } });
    answers.push(performance.now() - begun);
    await sleep(0.05);
  }
  changes.stop();
  figure('an answer right after a keystroke, meanwhile', ms(median(answers)), `p99 ${ms(quantile(answers, 0.99))}`);
  await window.stop();
  await other.stop();
}

async function largeBoard() {
  const repo = board(5000);
  const { window, looks } = await openWindow(repo);
  const other = new LspClient(remit, repo);
  await other.initialize();
  for (let at = 0; at < 30; at += 1) {
    await retitle(other, at, `title ${at}`);
    await sleep(0.3);
  }
  const [whole, ...later] = looks;
  figure('a change on a board of 5000 modules, asked for and read', ms(median(later)), `p99 ${ms(quantile(later, 0.99))}; whole, when the window opens, ${ms(whole)}`);
  await window.stop();
  await other.stop();
}

await changesAllTheTime();
await largeBoard();
fs.rmSync(scratch, { recursive: true, force: true });
process.exit(0);
