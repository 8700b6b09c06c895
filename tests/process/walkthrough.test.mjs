// The walkthrough is run, line by line, and must show what it prints.
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { Project } from './harness.mjs';
import { assertDocument, makeNormaliser } from './snapshot.mjs';

const DOCUMENT = 'docs/WALKTHROUGH.md';
const PROMPT = /^(\w+)\$ (.*)$/;
/** What a reader takes for a time, and a test for the same one. */
const [A_TIME, A_MOMENT] = ['2026-03-02T17:30:00.000Z', '2026-03-02 17:30:00Z'];
const SHOP = {
  'src/cart/total.rs': 'pub fn total(prices: &[u32]) -> u32 {\n    prices.iter().sum()\n}\n',
  'src/search/query.rs': 'pub fn query() {}\n',
};

test('the walkthrough shows what it prints', (t) => {
  const project = new Project(t, { files: SHOP });
  const people = { ann: project.root, ben: project.worktree('ben'), cleo: project.worktree('cleo') };
  const bin = path.join(project.scratch, 'bin');
  fs.mkdirSync(bin);
  fs.symlinkSync(project.binary, path.join(bin, 'remit'));
  const env = { PATH: `${bin}:${process.env.PATH}` };
  const normalise = makeNormaliser(project.scratch);

  const perform = (line) => {
    const [, who, command] = PROMPT.exec(line);
    const { stdout, stderr } = project.shell(command, { cwd: people[who], env });
    const shown = normalise(stdout + stderr).replaceAll('0000-00-00T00:00:00.000Z', A_TIME).replaceAll('0000-00-00 00:00:00Z', A_MOMENT);
    return [line, shown.trimEnd()].filter(Boolean).join('\n');
  };
  const rewrite = (block) => block.split('\n').filter((line) => PROMPT.test(line)).map(perform).join('\n\n');
  const page = fs.readFileSync(path.resolve(import.meta.dirname, '../..', DOCUMENT), 'utf8');
  assertDocument(DOCUMENT, page.replace(/(?<=```console\n)[^]*?(?=\n```)/g, rewrite));
});
