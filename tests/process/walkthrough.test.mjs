// The walkthrough and the README's first walk are run, line by line; the one must show what it prints.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { Project } from './harness.mjs';
import { assertDocument, makeNormaliser } from './snapshot.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
const DOCUMENT = 'docs/WALKTHROUGH.md';
const PROMPT = /^(\w+)\$ (.*)$/;
/** What a reader takes for a time, and a test for the same one. */
const [A_TIME, A_MOMENT] = ['2026-03-02T17:30:00.000Z', '2026-03-02 17:30:00Z'];
const SHOP = {
  'src/cart/total.rs': 'pub fn total(prices: &[u32]) -> u32 {\n    prices.iter().sum()\n}\n',
  'src/search/query.rs': 'pub fn query() {}\n',
};

/** A PATH on which `remit` is the one under test. */
function withRemit(project) {
  const bin = path.join(project.scratch, 'bin');
  fs.mkdirSync(bin);
  fs.symlinkSync(project.binary, path.join(bin, 'remit'));
  return { PATH: `${bin}:${process.env.PATH}` };
}

test('the walkthrough shows what it prints', (t) => {
  const project = new Project(t, { files: SHOP });
  const people = { ann: project.root, ben: project.worktree('ben'), cleo: project.worktree('cleo') };
  const env = withRemit(project);
  const normalise = makeNormaliser(project.scratch);

  const perform = (line) => {
    const [, who, command] = PROMPT.exec(line);
    const { stdout, stderr } = project.shell(command, { cwd: people[who], env });
    const shown = normalise(stdout + stderr).replaceAll('0000-00-00T00:00:00.000Z', A_TIME).replaceAll('0000-00-00 00:00:00Z', A_MOMENT);
    return [line, shown.trimEnd()].filter(Boolean).join('\n');
  };
  const rewrite = (block) => block.split('\n').filter((line) => PROMPT.test(line)).map(perform).join('\n\n');
  const page = fs.readFileSync(path.join(ROOT, DOCUMENT), 'utf8');
  assertDocument(DOCUMENT, page.replace(/(?<=```console\n)[^]*?(?=\n```)/g, rewrite));
});

test('the first walk of the README can be walked', (t) => {
  const project = new Project(t, { files: { 'src/parser/lib.rs': 'pub fn parse() {}\n', 'docs/guide.md': 'Read me.\n' } });
  const people = { alice: project.root, bob: project.worktree('bob') };
  const env = withRemit(project);
  const [, walk] = /## A first walk\n([^]*?)\n## /.exec(fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8'));
  const blocks = [...walk.matchAll(/(?<=```sh\n)[^]*?(?=\n```)/g)].map(([block]) => block.split('\n'));
  assert.deepEqual(blocks.map((block) => block.length), [6, 3, 3]);
  for (const [number, block] of blocks.entries()) {
    let who = ['alice', 'bob', 'alice'][number];
    for (const line of block) {
      who = /# as (\w+)/.exec(line)?.[1] ?? who;
      const expected = Number(/# exit (\d)/.exec(line)?.[1] ?? 0);
      const { code, stdout, stderr } = project.shell(line, { cwd: people[who], env });
      assert.equal(code, expected, `${who} $ ${line}\n${stdout}${stderr}`);
    }
  }
  assert.match(project.run(['show', 'parser']).stdout, /^owner +agent-/m);
});
