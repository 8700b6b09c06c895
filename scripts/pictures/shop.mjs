// What the pictures show: a repository as people have them, and a board in the middle of a day. Six agents are at work; one of them,
// Sam, is whose window is looked at. A picture of a surface says something only if there is something on it.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { addWorktree, makeRepo, writeFiles } from '../../tests/editor/rig/repo.mjs';
import { Failure } from '../lib/process.mjs';

export const INVOICE = 'shop/billing/invoice.py';
export const PLAN = 'summer.remit-plan.json';

const DAY = 8 * 3600;
const FILES = {
  'README.md': '# Corner shop\n\nA small shop: a cart, a search, and bills.\n',
  'docs/billing.md': '# Bills\n\nEvery bill shows the tax.\n',
  'docs/search.md': '# Search\n\nAll words must be in the title.\n',
  [INVOICE]: [
    'from dataclasses import dataclass',
    '',
    'from shop.shared.money import shown',
    '',
    'TAX = 0.19',
    '',
    '',
    '@dataclass',
    'class Line:',
    '    title: str',
    '    price: int',
    '',
    '',
    'def invoice(lines: list[Line]) -> str:',
    '    tax = round(sum(line.price for line in lines) * TAX)',
    '    rows = [f"{line.title} {shown(line.price)}" for line in lines]',
    '    return "\\n".join([*rows, f"tax {shown(tax)}"])',
    '',
  ].join('\n'),
  'shop/cart/cart.py': 'from shop.billing.invoice import Line\n\n\nclass Cart:\n    def __init__(self) -> None:\n        self.lines: list[Line] = []\n\n    def add(self, line: Line) -> None:\n        self.lines.append(line)\n',
  'shop/cart/discounts.py': 'def discount(total: int) -> int:\n    return 0\n',
  'shop/catalogue/titles.py': 'TITLES: list[str] = []\n',
  'shop/search/query.py': 'def words(query: str) -> list[str]:\n    return query.lower().split()\n',
  'shop/search/index.py': 'INDEX: dict[str, list[int]] = {}\n',
  'shop/shared/money.py': 'def cents(amount: float) -> int:\n    return round(amount * 100)\n\n\ndef shown(amount: int) -> str:\n    return f"{amount / 100:.2f}"\n',
  'shop/shipping/carriers.py': 'CARRIERS = ["post"]\n',
  'shop/stock/levels.py': 'LEVELS: dict[str, int] = {}\n',
  'shop/mails/templates.py': 'WELCOME = "Hello"\n',
};

const module = (id, title, owned_paths, more = {}) => ({ id, title, owned_paths, ...more });
const MODULES = [
  module('money', 'Amounts in whole cents', ['shop/shared'], { priority: 0 }),
  module('billing', 'Reduced tax on books', ['shop/billing'], {
    priority: 1,
    depends_on: ['money'],
    description: 'Books are taxed at 7 %, everything else at 19 %; the invoice shows both.',
    acceptance: ['An invoice with a book and a lamp shows two tax lines.'],
    verify: ['pytest shop/billing'],
  }),
  module('cart', 'Quantities in the cart', ['shop/cart'], { depends_on: ['money'], description: 'The same article twice is one line with a quantity.' }),
  module('discounts', 'Discounts for regulars', ['shop/cart/discounts.py', 'shop/pricing/**'], { priority: 1 }),
  module('catalogue', 'Titles from the wholesaler', ['shop/catalogue'], { priority: 1 }),
  module('search', 'Forgive typing errors', ['shop/search'], { priority: 1, description: 'One wrong letter in a word still finds it.' }),
  module('stock', 'Warn before an article runs out', ['shop/stock']),
  module('shipping', 'A second carrier', ['shop/shipping'], { priority: 3 }),
  module('mails', 'Mails in the customer’s language', ['shop/mails', 'locales/*.po'], { priority: 1 }),
  module('checkout', 'From the cart to the invoice', ['shop/checkout'], { depends_on: ['billing', 'cart'] }),
  module('coupons', 'Coupons that run out', ['shop/coupons'], { priority: 1, specialty: 'frontend' }),
  module('imports', 'Read the wholesaler’s price list', ['shop/imports', 'tools/import-*.py'], { description: 'A CSV file a night.' }),
  module('search-docs', 'Explain the search', ['docs/search.md'], { priority: 3, depends_on: ['search'] }),
  module('tax-docs', 'Explain the tax rates', ['docs/billing.md'], { priority: 3, depends_on: ['billing'] }),
];

const BUNDLE = [
  ...['--summary', 'Exact words are found; typing errors are not forgiven yet. The index holds every prefix of three letters.'],
  ...['--next-step', 'Allow one wrong letter in words() of shop/search/query.py.', '--next-step', 'Measure it on ten thousand titles.'],
  ...['--decision', 'Prefixes instead of trigrams: the index stays under 2 MB.'],
  ...['--open-question', 'Does a word of three letters forgive an error, too?'],
  ...['--acceptance', '“lmap” finds the lamp, “lp” does not.'],
  ...['--verify', 'pytest shop/search'],
];

/** The repository, its linked worktree, and what happens on its board. */
export class Shop {
  constructor(remit, folder, env) {
    Object.assign(this, { remit, env });
    this.main = makeRepo(path.join(folder, 'corner-shop'), FILES);
    this.linked = addWorktree(this.main, path.join(folder, 'corner-shop-billing'), 'billing');
    this.plain = makeRepo(path.join(folder, 'plain'), { 'README.md': '# Plain\n' });
  }

  /** `remit` as somebody calls it in one of the worktrees; answers the result. */
  run(worktree, ...args) {
    try {
      return JSON.parse(execFileSync(this.remit, ['--json', ...args], { cwd: worktree, env: this.env, encoding: 'utf8', stdio: 'pipe' })).result;
    } catch (error) {
      throw new Failure(`remit ${args.join(' ')} failed on the pictures' repository:\n${error.stdout || error.stderr || error.message}`);
    }
  }

  /** Work that was done before anybody opens a window. */
  fill() {
    this.run(this.main, 'bootstrap');
    const plan = path.join(path.dirname(this.main), 'plan.json');
    fs.writeFileSync(plan, JSON.stringify({ modules: MODULES }));
    this.run(this.main, 'import-plan', plan);
    this.agents = {
      sam: this.#agent(this.main, 'sam'),
      bob: this.#agent(this.main, 'bob', '--specialty', 'search'),
      eve: this.#agent(this.main, 'eve'),
      dan: this.#agent(this.main, 'dan'),
      rita: this.#agent(this.main, 'rita', '--role', 'reviewer'),
      ada: this.#agent(this.linked, 'ada', '--specialty', 'tax'),
    };
    const { sam, bob, eve, dan, ada } = this.agents;
    this.#claim(bob, 'money');
    bob('finish', '--module', 'money');
    this.#claim(ada, 'billing');
    this.#claim(bob, 'search');
    this.#claim(eve, 'stock');
    eve('submit', '--module', 'stock');
    this.#claim(eve, 'shipping');
    eve('block', '--module', 'shipping', '--reason', 'the contract with the second carrier is not signed');
    this.#claim(eve, 'discounts');
    dan('claim', '--module', 'mails', '--ttl-seconds', '1');
    this.#claim(sam, 'cart');
    this.#claim(sam, 'catalogue');
    this.#edits();
  }

  /** What happens while somebody looks: reviews, requests, a handoff to Sam by name, and one to anybody. */
  goOn() {
    if (this.wentOn) return;
    this.wentOn = true;
    const { sam, bob, eve, dan, rita } = this.agents;
    sam('submit', '--module', 'catalogue');
    rita('start-review', '--module', 'catalogue');
    rita('request-changes', '--module', 'catalogue', '--reason', 'Umlauts in titles are lost on import.');
    dan('assign', '--module', 'coupons', '--to', `agent:${sam.id}`);
    eve('request-handoff', '--module', 'cart', '--reason', 'Discounts need its totals.');
    bob('handoff-bundle', '--module', 'search', '--to', `agent:${sam.id}`, ...BUNDLE);
  }

  #edits() {
    edit(this.linked, INVOICE, 'TAX = 0.19', 'TAX = {"books": 0.07, "others": 0.19}');
    edit(this.main, INVOICE, 'TAX = 0.19', 'TAX = 0.20');
    edit(this.main, 'shop/mails/templates.py', 'Hello', 'Hello, dear reader');
    writeFiles(this.main, { [PLAN]: '{\n  "modules": [\n    {\n      "id": "gift-cards",\n      "title": "Gift cards",\n      \n    }\n  ]\n}\n' });
  }

  #agent(worktree, name, ...more) {
    const { agent_id: id } = this.run(worktree, 'init-agent', '--thread-key', name, '--window-id', name, ...more);
    const call = (...args) => this.run(worktree, '--agent-id', id, ...args);
    return Object.assign(call, { id });
  }

  #claim(agent, id) {
    agent('claim', '--module', id, '--ttl-seconds', String(DAY));
  }
}

function edit(folder, name, from, to) {
  const file = path.join(folder, name);
  const text = fs.readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`the pictures' ${name} has no line ${from}`);
  fs.writeFileSync(file, text.replace(from, to));
}
