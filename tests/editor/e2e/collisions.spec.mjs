// Who edits the same file in another worktree, or under one's unsaved text: lines that would collide are marked and can be compared
// with the other side's, and what merges is no more than a hint.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { addWorktree, git, makeRepo } from '../rig/repo.mjs';
import { scenario } from '../rig/scenario.mjs';

const FILE = 'src/cart/total.rs';
const TEXT = Array.from({ length: 30 }, (_, n) => `// line ${n + 1}\n`).join('');

// On the web VS Code saves by itself, and unsaved text is what this is about.
const settings = { 'files.autoSave': 'off' };

scenario('edits of one file in two worktrees, and on the disk under unsaved text', async (editor) => {
  const repo = makeRepo(editor.path('repo'), { [FILE]: TEXT });
  const linked = addWorktree(repo, editor.path('repo-fix'), 'fix');
  assert.ok(editor.remit(repo, 'bootstrap').ok);
  const [B, C] = [await editor.open(repo, 'B'), await editor.open(linked, 'C')];
  const both = [B, C];
  for (const window of both) {
    await window.container('Remit');
    await window.welcome('Board', 'Add a Module').waitFor();
    await window.openFile(FILE);
  }
  const row = (window) => window.row('Conflicts', 'total.rs:5');
  const isFree = async (window) => {
    await row(window).waitFor({ state: 'detached' });
    await window.squiggles().first().waitFor({ state: 'detached' });
  };
  const seesBeside = async (mine, theirs) => {
    await B.compared('theirs', theirs).waitFor();
    await B.compared('mine', mine).waitFor();
  };

  await editor.step('both type on line 5, and are told before anybody saves', async () => {
    for (const window of both) await window.type(`by ${window.name} `, { line: 5 });
    for (const window of both) await row(window).waitFor();
  });

  await editor.step('C undoes it, and both are free', async () => {
    await C.undoAll();
    for (const window of both) await isFree(window);
  });

  await editor.step('what C saves far from it is a hint at B’s lines, and no conflict', async () => {
    await C.type('apart ', { line: 25 });
    await C.save();
    await B.squiggles('hint').first().waitFor();
    assert.equal(await B.row('Conflicts', 'total.rs').count(), 0);
    assert.equal(await B.statusItem('conflict').count(), 0);
  });

  await editor.step('the light bulb at a hint compares, and ignores nothing', async () => {
    await B.goTo(5);
    const fixes = await B.quickFixes();
    assert.doesNotMatch(await fixes.innerText(), /Ignore/);
    await fixes.getByText('Compare with repo-fix#1 in worktree fix').click();
    await seesBeside('by B // line 5', 'apart // line 25');
  });

  await editor.step('what C saves on the very line is a conflict, which B compares from its row', async () => {
    await B.press('Control+W');
    await C.type('by C ', { line: 5 });
    await C.save();
    await row(B).waitFor();
    await B.squiggles('hint').first().waitFor({ state: 'detached' });
    await B.rowAction('Conflicts', 'total.rs:5', 'Compare with the Other Side');
    await B.tab(/in worktree fix, as on disk ↔ yours/).waitFor();
    await seesBeside('by B // line 5', 'by C // line 5');
  });

  await editor.step('git takes it back there, and B is free', async () => {
    await B.press('Control+W');
    git(linked, 'checkout', '--quiet', '--', FILE);
    for (const window of both) await isFree(window);
  });

  await editor.step('somebody saves the same line under B’s unsaved text', async () => {
    fs.writeFileSync(path.join(repo, FILE), TEXT.replace('// line 5\n', 'by hand // line 5\n'));
    await row(B).waitFor();
    await (await B.problems('changed on disk under your unsaved text')).first().waitFor();
    await B.closePanel();
  });

  await editor.step('B compares with the disk: by its row, and by the palette', async () => {
    await B.rowAction('Conflicts', 'total.rs:5', 'Compare with the Other Side');
    await seesBeside('by B // line 5', 'by hand // line 5');
    await B.press('Control+W');
    await B.palette('Remit: Compare with the Other Side');
    await seesBeside('by B // line 5', 'by hand // line 5');
  });

  await editor.step('B takes what is on the disk, and is free', async () => {
    await B.press('Control+W');
    await B.openFile(FILE);
    await B.palette('File: Revert File');
    await B.line('by hand // line 5').waitFor();
    await isFree(B);
  });
}, { settings });
