// Windows in heavy weather: a board that storms, a branch that changes everything, a file of a hundred thousand lines. Whoever sits
// there goes on typing, is told what is wrong in the places that are for it, and is rid of it when it is over.
import assert from 'node:assert/strict';
import path from 'node:path';
import { soak } from '../../process/harness.mjs';
import { startStorm } from '../../process/board-storm.mjs';
import { addWorktree, commitAll, git, makeRepo, writeFiles } from '../rig/repo.mjs';
import { scenario } from '../rig/scenario.mjs';
import { until } from '../rig/until.mjs';

/** How often the storm may change the board before it is over. */
const CHANGES = soak ? 60_000 : 3_000;
const FILES = soak ? 20_000 : 1_000;
const LINES = 100_000;
/** A line that many edits above it move. */
const LINE = 77_778;

// On the web VS Code saves by itself, and unsaved text is what this is about.
const options = { settings: { 'files.autoSave': 'off' }, ...(soak ? { timeout: 900_000, patience: 300_000 } : { timeout: 300_000 }) };

/** A repository with `files`, and a board on which module `core` owns `src/core`. */
function boarded(editor, files) {
  const repo = makeRepo(editor.path('repo'), files);
  assert.ok(editor.remit(repo, 'bootstrap').ok);
  assert.ok(editor.remit(repo, 'add-module', 'core', '--owned-path', 'src/core').ok);
  return repo;
}

async function openBoard(editor, repo) {
  const window = await editor.open(repo, 'A');
  await window.container('Remit');
  await window.row('Board', 'core').waitFor();
  return window;
}

/** Somebody in a worktree of their own claims `core`: what changes in the window's is none of their doing. */
function claimedElsewhere(editor, repo) {
  const elsewhere = addWorktree(repo, editor.path('repo-elsewhere'), 'elsewhere');
  assert.ok(editor.remit(elsewhere, 'init-agent', '--thread-key', 'other').ok);
  const claimed = editor.remit(elsewhere, 'claim', '--module', 'core');
  assert.ok(claimed.ok, JSON.stringify(claimed));
}

/** Nothing popped up, and the status bar knows of no trouble: what is wrong stands where conflicts stand. */
async function nobodyIsAlarmed(window) {
  assert.equal(await window.notification('Remit').count(), 0);
  assert.equal(await window.statusItem(/trouble|not running/).count(), 0);
}

/** The sidecar of this window, which is to be the same one afterwards. */
const seat = (editor, repo) => {
  const [session] = editor.remit(repo, 'sessions').result.sessions.filter(({ live }) => live);
  return [session.id, session.epoch].join();
};

scenario('a thousand changes of the board a second let people type, are warned of in between, and leave the newest board', async (editor) => {
  const repo = boarded(editor, { 'README.md': '# Sample\n', 'src/core/lib.rs': '// one\n// two\n// three\n' });
  const window = await openBoard(editor, repo);
  await window.openFile('src/core/lib.rs');
  const before = seat(editor, repo);
  const storm = await startStorm(path.join(repo, 'project-plan', 'coordination.db'), 'core');

  await editor.step('what is typed is drawn, line for line', async () => {
    for (let line = 1; line <= 5; line += 1) {
      await window.type(`// typed ${line} in the storm\n`, { line });
      await window.line(`// typed ${line} in the storm`).waitFor();
    }
    await window.row('Board', /round \d+/).waitFor();
  });

  await editor.step('somebody claims the file in the middle of it, and is seen', async () => {
    claimedElsewhere(editor, repo);
    await window.squiggles().first().waitFor();
    await window.row('Conflicts', 'lib.rs').waitFor();
  });

  await editor.step('when it is over the board is the newest one', async () => {
    await until(() => revisionOf(editor, repo) > CHANGES, options.timeout);
    const changes = await storm.stop();
    await window.row('Board', new RegExp(`round ${changes - 1}$`)).waitFor();
    assert.equal(editor.remit(repo, 'show', 'core').result.module.title, `round ${changes - 1}`);
    assert.equal(seat(editor, repo), before, 'the sidecar lived through it');
    await nobodyIsAlarmed(window);
  });

  await editor.step('undone, nothing is wrong any more', async () => {
    await window.undoAll();
    await window.row('Conflicts', 'lib.rs').waitFor({ state: 'detached' });
  });
}, options);

const revisionOf = (editor, repo) => editor.remit(repo, 'state').result.revision;

scenario('a branch that changes very many files of somebody else is told where conflicts are told, and forgotten with it', async (editor) => {
  const repo = boarded(editor, { 'README.md': '# Sample\n', 'src/core/lib.rs': '// one\n' });
  const names = Array.from({ length: FILES }, (_, n) => `src/core/d${n % 100}/f${n}.rs`);
  git(repo, 'switch', '--quiet', '--create', 'many');
  writeFiles(repo, Object.fromEntries(names.map((name) => [name, `// ${name}\n`])));
  commitAll(repo, 'Many');
  git(repo, 'switch', '--quiet', 'main');
  claimedElsewhere(editor, repo);
  const window = await openBoard(editor, repo);
  const before = seat(editor, repo);
  await window.openFile('README.md');

  for (const round of ['first', 'second']) {
    await editor.step(`the ${round} time each file is counted, and people type`, async () => {
      git(repo, 'switch', '--quiet', 'many');
      await window.statusItem(`${FILES} conflicts`).waitFor();
      await window.type(`typed the ${round} time\n`);
      await window.line(`typed the ${round} time`).waitFor();
      await window.openFile(names[round === 'first' ? 0 : FILES - 1]);
      await window.squiggles().first().waitFor();
      await nobodyIsAlarmed(window);
      await window.press('Control+W');
    });
    await editor.step(`the ${round} time nothing of it is left`, async () => {
      git(repo, 'switch', '--quiet', 'main');
      await window.statusItem('conflicts').waitFor({ state: 'detached' });
      await (await window.problems('This file belongs to')).first().waitFor({ state: 'detached' });
      // An open list of thousands of problems costs the workbench more than all else here.
      await window.closePanel();
      await window.openFile('README.md');
    });
  }
  assert.deepEqual(editor.remit(repo, 'conflicts').result.conflicts, []);
  assert.equal(seat(editor, repo), before, 'the sidecar lived through it');
}, options);

scenario('in a file of 100,000 lines a collision with a commit elsewhere stands on its line, wherever edits above it move that', async (editor) => {
  const text = Array.from({ length: LINES }, (_, n) => `let line_${n + 1} = ${n + 1};`);
  const repo = boarded(editor, { 'README.md': '# Sample\n', 'src/core/big.rs': `${text.join('\n')}\n` });
  const linked = addWorktree(repo, editor.path('repo-fix'), 'fix');
  const window = await openBoard(editor, repo);
  const standsOn = async (line) => {
    await (await window.problems(new RegExp(`fix.*Ln ${line}, Col 1\\b`))).first().waitFor();
    await window.row('Conflicts', `big.rs:${line}`).waitFor();
  };

  await editor.step('typed far down, in nobody’s way', async () => {
    await window.openFile('src/core/big.rs');
    await window.type('typed here ', { line: LINE });
    await window.line(`typed here let line_${LINE}`).waitFor();
  });

  await editor.step('the same line is committed elsewhere', async () => {
    writeFiles(linked, { 'src/core/big.rs': `${text.with(LINE - 1, 'let it = "be";').join('\n')}\n` });
    commitAll(linked, 'The same line');
    await standsOn(LINE);
    await window.goTo(LINE);
    await window.squiggles().first().waitFor();
  });

  await editor.step('lines above it take it along', async () => {
    await window.type('// one\n// two\n// three\n', { line: 1 });
    await standsOn(LINE + 3);
    await window.goTo(LINE + 3);
    await window.squiggles().first().waitFor();
    await nobodyIsAlarmed(window);
  });

  await editor.step('undone, nothing is in the way any more', async () => {
    await window.undoAll();
    await window.row('Conflicts', 'big.rs').waitFor({ state: 'detached' });
    await window.squiggles().first().waitFor({ state: 'detached' });
  });
}, options);
