// The main job, as people meet it: A claims a module, B (on the same folder) and C (on a linked worktree) are warned where they
// type in it, the work is handed over, and who holds it changes hands by a quick fix when A is gone.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { addWorktree, commitAll, makeRepo, writeFiles } from '../rig/repo.mjs';
import { scenario } from '../rig/scenario.mjs';
import { until } from '../rig/until.mjs';

const FILE = 'src/cart/total.rs';
/** So far apart that their lines don't collide: here it is about whose file it is. */
const LINE_OF = { A: 1, B: 11, C: 21 };
/** Long enough to be renewed on a busy machine, short enough to wait for its end. */
const LEASE_SECONDS = 15;

/** A repository with a plan on its board, and a linked worktree. */
function plannedRepository(editor) {
  const repo = makeRepo(editor.path('repo'));
  writeFiles(repo, { [FILE]: Array.from({ length: 30 }, (_, n) => `// line ${n + 1}\n`).join('') });
  commitAll(repo, 'Room for everybody');
  const linked = addWorktree(repo, editor.path('repo-fix'), 'fix');
  assert.ok(editor.remit(repo, 'bootstrap').ok);
  const plan = [
    ['cart', 'Totals and discounts', 'src/cart'],
    ['search', 'Query parsing', 'src/search'],
  ];
  for (const [id, title, owned] of plan) assert.ok(editor.remit(repo, 'add-module', id, '--title', title, '--owned-path', owned).ok);
  return { repo, linked };
}

const moduleOf = (editor, repo, id) => editor.remit(repo, 'show', id).result.module;
const agentsOf = (editor, repo) => editor.remit(repo, 'state').result.agents;
const sessionsOf = (editor, repo) => editor.remit(repo, 'sessions').result.sessions;

/** The window types in the module's file and saves nothing. */
async function typeInCart(window, text) {
  await window.openFile(FILE);
  await window.type(text, { line: LINE_OF[window.name] });
}

async function isWarned(window, { owner, module }) {
  await window.squiggles().first().waitFor();
  const row = (await window.problems(`module ${module} of ${owner}`)).first();
  await row.waitFor();
  return row.innerText();
}

async function isNotWarned(window) {
  await window.squiggles().first().waitFor({ state: 'detached' });
  await (await window.problems('This file belongs to')).first().waitFor({ state: 'detached' });
}

// On the web VS Code saves by itself, and unsaved text is what this is about.
const settings = { 'files.autoSave': 'off' };

scenario('two windows and a worktree share one board, from a claim to a handover', async (editor) => {
  const { repo, linked } = plannedRepository(editor);
  const [A, B, C] = [await editor.open(repo, 'A'), await editor.open(repo, 'B'), await editor.open(linked, 'C')];
  for (const window of [A, B, C]) {
    await window.container('Remit');
    await window.row('Board', 'cart').waitFor();
  }

  await editor.step('A claims cart by the palette, seeing why it is offered', async () => {
    await A.palette('Remit: Claim Module');
    await A.page.getByPlaceholder('Which module do you want to work on?').waitFor();
    assert.match((await A.picks()).join('\n'), /cart *Totals and discounts priority 2/);
    await A.pick('cart');
    await A.row('Board', /cart.*min left/).waitFor();
    await A.statusItem('1 mine').waitFor();
  });
  const owner = agentsOf(editor, repo).find(({ id }) => id === moduleOf(editor, repo, 'cart').owner);

  await editor.step('B and C see whose cart is', async () => {
    for (const window of [B, C]) await window.row('Board', /cart/).filter({ hasText: owner.name }).waitFor();
  });

  await editor.step('A edits its own files, unwarned', async () => {
    await typeInCart(A, '// by A\n');
    await isNotWarned(A);
  });

  await editor.step('B and C are warned where they type, before they save', async () => {
    for (const window of [B, C]) {
      await typeInCart(window, `// by ${window.name}\n`);
      const problem = await isWarned(window, { owner: owner.name, module: 'cart' });
      assert.match(problem, /lease runs for \d+ more minutes/);
      await window.row('Conflicts', 'total.rs').waitFor();
    }
  });

  await editor.step('the explorer shows whose the file is', async () => {
    await (await B.explorerRow('total.rs')).waitFor();
    await until(async () => (await B.badge('total.rs')).includes('◆'));
    await (await A.explorerRow('total.rs')).waitFor();
    await until(async () => (await A.badge('total.rs')).includes('◇'));
  });

  await editor.step('A hands cart off, to any worker', async () => {
    await A.palette('Remit: Hand Off Module…');
    await A.pick('cart');
    await A.page.getByPlaceholder('To whom do you hand cart?').waitFor();
    await A.pick('Any worker');
    await A.answer('Totals are done, discounts are not', 'Where does cart stand?');
    await A.answer('Write the discounts', 'What is to be done next?');
    await A.answer('', 'And then?');
    await A.pickSeveral('What else does the next one need to know of cart?', 'Decisions', 'Verification');
    await A.answer('Cents, no floats', 'What was decided, and why?');
    await A.answer('', 'And what else?');
    await A.answer('cargo test cart', 'Which command, or which look');
    await A.answer('', 'And what else?');
    await B.container('Remit');
    await B.row('Handoffs', /cart.*Totals are done/).waitFor();
    const [offered] = editor.remit(repo, 'handoffs').result.handoffs;
    assert.deepEqual([offered.decisions, offered.verify, offered.open_questions ?? []], [['Cents, no floats'], ['cargo test cart'], []]);
  });

  await editor.step('B reads the bundle and claims the handoff', async () => {
    await B.palette('Remit: Open Handoff Bundle');
    await B.pick('cart');
    await B.tab('cart.handoff.md').waitFor();
    await B.rowAction('Handoffs', /cart/, 'Claim Handoff');
    await B.row('Board', /cart.*min left/).waitFor();
    await B.rowAction('Handoffs', /cart/, 'Acknowledge Handoff');
    await B.row('Handoffs', /cart/).waitFor({ state: 'detached' });
  });

  await editor.step('the warning leaves B and comes to A', async () => {
    await B.openFile(FILE);
    await isNotWarned(B);
    const heir = agentsOf(editor, repo).find(({ id }) => id === moduleOf(editor, repo, 'cart').owner);
    assert.notEqual(heir.id, owner.id);
    await A.openFile(FILE);
    await isWarned(A, { owner: heir.name, module: 'cart' });
  });

  await editor.step('a killed sidecar comes back as the same session', async () => {
    const before = sessionsOf(editor, repo).filter(({ live }) => live);
    const [victim] = sidecarsIn(repo);
    process.kill(victim, 'SIGKILL');
    await until(() => !sidecarsIn(repo).includes(victim) && sidecarsIn(repo).length === 2);
    await until(() => sessionsOf(editor, repo).filter(({ live }) => live).length === before.length);
    const after = sessionsOf(editor, repo);
    assert.deepEqual(after.map(({ id }) => id).sort(), before.map(({ id }) => id).sort());
    assert.equal(after.filter(({ id, epoch }) => epoch > before.find((one) => one.id === id).epoch).length, 1);
  });
}, { settings });

scenario(
  'an abandoned module is taken over by quick fix when its lease has run out',
  async (editor) => {
    const { repo, linked } = plannedRepository(editor);
    const A = await editor.open(repo, 'A');
    await A.container('Remit');
    await A.row('Board', 'cart').waitFor();
    await A.rowAction('Board', /cart/, 'Claim Module');
    await A.row('Board', /cart.*left/).waitFor();
    const { owner } = moduleOf(editor, repo, 'cart');
    const token = fs.readFileSync(path.join(stateFolder(repo), 'tokens', owner, 'cart'), 'utf8');

    const C = await editor.open(linked, 'C');
    await editor.step('C is warned as long as A is there, whose lease is renewed', async () => {
      await typeInCart(C, '// by C\n');
      await C.squiggles().first().waitFor();
      const { expires_at } = moduleOf(editor, repo, 'cart').lease;
      await until(() => moduleOf(editor, repo, 'cart').lease.expires_at > expires_at);
      await C.squiggles().first().waitFor();
    });

    await editor.step('A is closed, and its lease runs out', async () => {
      await A.close();
      await (await C.problems('it can be taken over')).first().waitFor({ timeout: (LEASE_SECONDS + 30) * 1000 });
    });

    await editor.step('C takes over by quick fix', async () => {
      await C.openFile(FILE);
      await C.goTo(LINE_OF.C);
      await C.quickFix("Take over cart");
      await isNotWarned(C);
      await C.container('Remit');
      await C.row('Board', /cart.*left/).waitFor();
      assert.notEqual(moduleOf(editor, repo, 'cart').owner, owner);
    });

    await editor.step('A’s old token is refused', async () => {
      const late = editor.remit(repo, 'heartbeat', '--module', 'cart', '--agent-id', owner, '--lease-token', token);
      assert.equal(late.ok, false);
      assert.ok(['stale-lease', 'not-holder', 'lease-held'].includes(late.error.code), late.error.code);
    });
  },
  { settings: { ...settings, 'remit.lease.seconds': LEASE_SECONDS } },
);

/** The worktree's private folder, where its holders' tokens are kept. */
const stateFolder = (repo) => path.join(repo, '.git', 'remit');

/** The processes that serve windows on `folder`. */
function sidecarsIn(folder) {
  return fs.readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && servesWindow(pid, folder)).map(Number);
}

function servesWindow(pid, folder) {
  try {
    const words = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return words.includes('lsp') && /remit$/.test(words[0]) && fs.readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    return false;
  }
}
