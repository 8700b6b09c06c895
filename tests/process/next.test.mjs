// What next? Ranked for whoever asks, with the score taken apart; and the graph behind it, in every format.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { Project } from './harness.mjs';
import { assertSnapshot, makeNormaliser } from './snapshot.mjs';

const PLAN = {
  modules: [
    { id: 'schema', title: 'The <schema> & "types"', priority: 3, owned_paths: ['db'] },
    { id: 'api', title: 'The API', depends_on: ['schema'], owned_paths: ['src/core'] },
    { id: 'ui', title: 'The pages', priority: 0, specialty: 'frontend', depends_on: ['api'], owned_paths: ['src/web'] },
    { id: 'docs', title: 'The guide', owned_paths: ['docs'] },
    { id: 'readme', title: 'The first page', priority: 4, owned_paths: ['README.md', 'docs/guide.md'] },
  ],
};

function planned(t) {
  const project = new Project(t);
  project.done(['bootstrap']);
  project.done(['import-plan', '-'], { input: JSON.stringify(PLAN) });
  return project;
}

test('what people read of a day: what next, why, why nothing, and the graph', (t) => {
  const project = planned(t);
  const linked = project.worktree('rita');
  project.agent('wes');
  project.done(['init-agent', '--thread-key', 'rita', '--role', 'reviewer'], { cwd: linked });
  const lines = [];
  const type = (who, line) => {
    const { code, stdout, stderr } = project.run(line.split(' '), { cwd: who === 'rita' ? linked : project.root });
    const text = `${stdout}${stderr}`.trimEnd().replaceAll(/^(?=.)/gm, '    ');
    lines.push(`${who} $ remit ${line}${code ? `  [${code}]` : ''}\n${text}\n`);
  };
  const DAY = [
    ['wes', 'next-claimable'],
    ['wes', 'next-claimable --limit 1 --specialty frontend'],
    ['rita', 'next-reviewable'],
    ['wes', 'next-action --limit 2'],
    ['wes', 'claim-next'],
    ['wes', 'block --module schema --reason no-access'],
    ['wes', 'show schema'],
    ['wes', 'unblock --module schema'],
    ['wes', 'next-action --limit 1'],
    ['wes', 'submit --module schema'],
    ['rita', 'next-action --limit 1'],
    ['rita', 'next-reviewable'],
    ['rita', 'claim-review-next'],
    ['wes', 'next-reviewable'],
    ['rita', 'request-changes --module schema --reason name-the-unit'],
    ['wes', 'next-action --limit 1'],
    ['wes', 'claim --module schema'],
    ['wes', 'submit --module schema'],
    ['rita', 'start-review --module schema'],
    ['rita', 'approve --module schema'],
    ['wes', 'claim --module docs'],
    ['wes', 'claim --module api'],
    ['wes', 'claim --module readme'],
    ['rita', 'request-handoff --module api'],
    ['rita', 'next-claimable'],
    ['rita', 'cancel --module ui'],
    ['wes', 'graph'],
    ['wes', 'graph --format dot'],
    ['wes', 'graph --format mermaid'],
  ];
  for (const [who, line] of DAY) type(who, line);
  assertSnapshot('what-next.txt', makeNormaliser(project.scratch)(lines.join('\n')));
});

test('as many agents as are listed can start at once, and the first is what claim-next gives', (t) => {
  const project = planned(t);
  project.agent('wes');
  const { modules } = project.done(['next-claimable']);
  assert.deepEqual(modules.map(({ module }) => module), ['schema', 'docs'], 'readme meets docs; ui and api wait');
  for (const { score, parts } of modules) assert.equal(parts.reduce((sum, { points }) => sum + points, 0), score);
  assert.deepEqual(project.done(['next-claimable', '--limit', '1']).modules, modules.slice(0, 1));
  assert.equal(project.done(['claim-next']).module.id, modules[0].module);
});

test('where there is nothing it is said why, by exit code 3 and for programs', (t) => {
  const project = planned(t);
  const [wes, bea] = [project.agent('wes'), project.agent('bea')];
  for (const module of ['schema', 'docs', 'readme']) project.done(['claim', '--module', module, '--agent-id', wes]);
  for (const command of [['next-claimable'], ['claim-next'], ['next-action']]) {
    const { details, message } = project.refused('nothing', [...command, '--agent-id', bea]);
    assert.deepEqual(details.counts, { waiting: 2, held: 3 });
    assert.deepEqual(details.waiting, [{ module: 'api', open: ['schema'] }, { module: 'ui', open: ['api'] }]);
    assert.match(message, /2 modules wait for api, schema; 3 modules are held by agent-/);
  }
  assert.equal(project.done(['next-action', '--agent-id', wes]).actions.length, 3, 'its own work is something to do');
});

test('what it draws is read by others', (t) => {
  const project = planned(t);
  const parse = `import sys, json
from xml.etree import ElementTree
names = '{http://www.w3.org/2000/svg}'
root = ElementTree.fromstring(sys.stdin.read())
print(json.dumps({g.get('data-module'): g.find(names + 'title').text for g in root.iter(names + 'g') if g.get('data-module')}))`;
  const { text } = project.done(['graph', '--format', 'svg']);
  const { stdout, stderr } = spawnSync('python3', ['-c', parse], { input: text, encoding: 'utf8' });
  assert.equal(stderr, '');
  const titles = JSON.parse(stdout);
  assert.deepEqual(Object.keys(titles), PLAN.modules.map(({ id }) => id));
  assert.equal(titles.schema, 'schema: The <schema> & "types" (todo)');
  const drawing = text.slice(text.indexOf('</style>'));
  assert.ok(!/#[0-9a-f]{3,6}\b(?!;)/i.test(drawing.replaceAll(/url\(#[^)]*\)|"#[\w-]*"/g, '')), 'every colour is a variable of its style');
  assert.equal(project.run(['graph', '--format', 'svg']).stdout.trim(), text.trim(), 'people get the drawing itself');
});
