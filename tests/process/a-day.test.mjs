// A day of two people on one board, as they read it in their terminals. The whole of it is a text beside this file.
import fs from 'node:fs';
import test from 'node:test';
import { git, writeFiles } from '../editor/rig/repo.mjs';
import { Project } from './harness.mjs';
import { assertSnapshot, makeNormaliser } from './snapshot.mjs';

const SHOP = {
  'README.md': '# Shop\n',
  'src/cart/total.rs': 'pub fn total() -> u32 {\n    7\n}\n',
  'src/search/query.rs': 'pub fn query() {}\n',
  'src/shared/money.rs': 'pub fn cents() {}\n',
};

const PLAN = JSON.stringify({
  modules: [
    { id: 'search', title: 'Search', depends_on: ['cart'], owned_paths: ['src/search/**'], priority: 1 },
    { id: 'shared', title: 'What both need', priority: 3, specialty: 'money', candidate_owned_paths: ['src/shared'] },
  ],
});

test('a day on the command line', async (t) => {
  const project = new Project(t, { files: SHOP });
  const ann = project.root;
  const ben = project.worktree('ben', 'faster-search');
  const day = new Transcript(project);

  day.title('There is no board yet');
  day.run(ann, 'summary');
  day.run(ann, 'bootstrap');
  day.run(ben, 'bootstrap');
  for (const query of ['summary', 'modules', 'sessions', 'handoffs', 'conflicts']) day.run(ann, query);

  day.title('Planning');
  day.run(ann, 'add-module', 'cart', '--title', 'The cart', '--description', 'Totals in cents.', '--owned-path', 'src/cart');
  fs.writeFileSync(`${project.scratch}/plan.json`, PLAN);
  day.run(ann, 'import-plan', '../plan.json');
  day.runWith('{"modules": [{"id": "docs", "owned_paths": ["*.md"], "priority": 4}]}', ann, 'import-plan', '-');
  day.run(ann, 'add-module', 'cart');
  day.run(ann, 'edit-module', 'docs', '--title', 'Say how it works');
  day.run(ann, 'modules');

  day.title('Registering');
  day.run(ann, 'claim', '--module', 'cart');
  day.run(ann, 'init-agent', '--thread-key', 'ann');
  day.run(ben, 'register-session', '--thread-key', 'ben', '--specialty', 'money');
  day.run(ann, 'sessions');
  day.run(ann, 'preflight', '--confirm-workspace');
  day.run(ann, 'preflight', '--confirm-workspace', '--confirm-branch');

  day.title('Claiming');
  day.run(ann, 'claim', '--module', 'search');
  day.run(ann, 'claim-next', '--while-session');
  day.run(ben, 'claim', '--module', 'cart');
  day.run(ben, 'claim-next', '--specialty', 'money', '--ttl-seconds', '600');
  day.run(ann, 'heartbeat', '--module', 'cart', '--ttl-seconds', '60');
  day.run(ann, 'summary');
  day.run(ann, 'show', 'cart');

  day.title('Working in one another’s paths');
  writeFiles(ann, { 'src/cart/total.rs': 'pub fn total() -> u32 {\n    8\n}\n', 'src/cart/tax.rs': 'pub fn tax() {}\n' });
  writeFiles(ben, { 'src/cart/total.rs': 'pub fn total() -> u32 {\n    9\n}\n' });
  day.run(ben, 'who-owns', 'src/cart/total.rs', 'src/search');
  day.run(ben, 'conflicts');
  day.run(ben, 'conflicts', 'src/search');
  day.run(ben, 'claim-paths', 'src/cart/tax.rs', '--reason', 'Tax by country');
  day.run(ben, 'conflicts');
  day.run(ben, 'release', '--module', 'paths-src-cart-tax.rs');
  day.run(ann, 'conflicts');
  git(ben, 'checkout', '--quiet', 'src/cart/total.rs');
  day.run(ben, 'conflicts');

  day.title('What a module should own');
  writeFiles(ben, { 'src/shared/money.rs': 'pub fn cents() -> u64 { 0 }\n' });
  day.run(ben, 'infer-paths', '--module', 'shared');
  day.run(ben, 'infer-paths', '--module', 'shared', '--apply');
  day.run(ben, 'show', 'shared');

  day.title('Handing over');
  day.run(ann, 'handoff-bundle', '--module', 'cart', '--summary', 'Half done.', '--next-step', 'Round up', '--next-step', 'Test it');
  day.run(ben, 'handoffs');
  day.file('project-plan/handoffs/cart.handoff.md');
  day.run(ann, 'claim-handoff', '--module', 'cart');
  day.run(ben, 'ack-handoff', '--module', 'cart');
  day.run(ben, 'claim-handoff', '--module', 'cart');
  day.run(ben, 'ack-handoff', '--module', 'cart');
  day.run(ann, 'finish', '--module', 'cart');
  day.run(ben, 'finish', '--module', 'cart');
  day.run(ben, 'handoffs');

  day.title('A lease runs out');
  day.run(ann, 'claim', '--module', 'search', '--ttl-seconds', '1');
  await expiry(project, 'search');
  day.run(ben, 'summary');
  day.run(ben, 'reclaim');
  day.run(ben, 'lease-reclaim');
  day.run(ben, 'claim-next');

  day.title('At the end');
  day.run(ann, 'state', '--format', 'summary');
  day.file('project-plan/STATUS.md');
  day.file('project-plan/HANDOFFS.md');
  assertSnapshot('a-day.txt', day.text());
});

test('the help of every command', (t) => {
  const project = new Project(t, { repository: false });
  const { commands, queries } = JSON.parse(project.run(['schema']).stdout);
  const names = [...Object.keys(commands), ...Object.keys(queries), 'lsp'];
  const deeper = [['guard'], ...['install', 'uninstall', 'check'].map((task) => ['guard', task])];
  const pages = [[], ...names.map((name) => [name]), ...deeper].map((words) => project.run([...words, '--help']).stdout);
  const ofAll = /\nWho is asking:\n[^]*$/;
  const text = pages.map((page, index) => (index === 0 ? page : page.replace(ofAll, '')).replace(/\(([0-9a-f]{12}|unknown)\)/, '(COMMIT)'));
  assertSnapshot('help.txt', text.join(`\n${'─'.repeat(80)}\n`));
});

/** A lease of one second can't be made to end sooner than that. */
async function expiry(project, id) {
  while (!project.done(['show', id]).module.lease.expired) await new Promise((resolve) => setTimeout(resolve, 50));
}

class Transcript {
  #lines = [];

  constructor(project) {
    this.project = project;
    this.normalise = makeNormaliser(project.scratch);
  }

  title(text) {
    this.#lines.push(`\n## ${text}\n`);
  }

  run(cwd, ...args) {
    this.runWith('', cwd, ...args);
  }

  runWith(input, cwd, ...args) {
    const { code, stdout, stderr } = this.project.run(args, { cwd, input });
    const words = args.map((word) => (/^[\w./=*-]+$/.test(word) ? word : `'${word}'`));
    const piped = input ? `echo '${input}' | ` : '';
    this.#lines.push(`${cwd} $ ${piped}remit ${words.join(' ')}${code === 0 ? '' : `   (exit code ${code})`}`);
    this.#lines.push((stdout + stderr).replace(/^(?=.)/gm, '    '));
  }

  file(name) {
    this.#lines.push(`${name}:`, fs.readFileSync(this.project.at(name), 'utf8').replace(/^(?=.)/gm, '    '));
  }

  text() {
    return this.normalise(`${this.#lines.join('\n').trim()}\n`);
  }
}
