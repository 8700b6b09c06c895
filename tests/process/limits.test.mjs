// How long, how many, how odd: the bounds of what people and programs may say, on both sides of each.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { Project } from './harness.mjs';

const ESCAPE = '\u001b';

function emptyBoard(t) {
  const project = new Project(t);
  project.done(['bootstrap']);
  return project;
}

test('each bound holds on both of its sides', (t) => {
  const project = emptyBoard(t);
  const agent = project.agent('alice');
  const longest = 'm'.repeat(128);
  const add = (id, ...more) => ['add-module', '--', id, ...more];
  const bounds = [
    [add(longest), add(`${longest}m`)],
    [add('A.b_c-9'), add('.hidden')],
    [add('9lives'), add('-flag')],
    [['add-module', 'p0', '--priority', '0'], ['add-module', 'p', '--priority', '-1']],
    [['add-module', 'p4', '--priority', '4'], ['add-module', 'p', '--priority', '5']],
    [['claim', '--module', 'p0', '--ttl-seconds', '1'], ['claim', '--module', 'p0', '--ttl-seconds', '0']],
    [['claim', '--module', 'p0', '--ttl-seconds', '604800'], ['claim', '--module', 'p0', '--ttl-seconds', '604801']],
    [['heartbeat', '--module', 'p0', '--ttl-seconds', '604800'], ['heartbeat', '--module', 'p0', '--ttl-seconds', '18446744073709551616']],
    [['init-agent', '--thread-key', 'ü'.repeat(256)], ['init-agent', '--thread-key', 'ü'.repeat(257)]],
    [['init-agent', '--thread-key', 'k', '--window-id', 'w'.repeat(256)], ['init-agent', '--thread-key', 'k', '--window-id', 'w\n']],
    [['modules', '--request-id', 'r'.repeat(256)], ['modules', '--request-id', '']],
    [['add-module', 'e', '--owned-path', 'e'.repeat(4096)], ['add-module', 'f', '--owned-path', 'f'.repeat(4097)]],
    [['who-owns', 'w'.repeat(4096)], ['who-owns', 'w'.repeat(4097)]],
  ];
  for (const [inside, outside] of bounds) {
    project.done(inside, { env: { REMIT_AGENT_ID: agent } });
    const before = project.json(['modules']).revision;
    const error = project.refused('invalid', outside, { env: { REMIT_AGENT_ID: agent } });
    assert.ok(error.message.length < 1000, `${outside[0]}: a long value is not said back whole`);
    assert.equal(project.json(['modules']).revision, before);
  }
});

test('control characters reach neither terminal nor markdown', (t) => {
  const project = emptyBoard(t);
  const title = `one\ntwo ${ESCAPE}[2J three\u0007 | four`;
  project.done(['import-plan', '-'], { input: JSON.stringify({ modules: [{ id: 'm', title, description: title, owned_paths: ['src/core'] }] }) });
  project.agent(`who ${'x'.repeat(20)}`);
  project.done(['claim', '--module', 'm']);
  project.done(['handoff-bundle', '--module', 'm', '--summary', title, '--next-step', title]);
  const controls = new RegExp(`[^\\n\\P{Cc}]`, 'u');
  for (const query of [['modules'], ['show', 'm'], ['summary'], ['handoffs'], ['who-owns', 'src/core'], ['claim', '--module', 'm']]) {
    assert.doesNotMatch(project.run(query).stdout, controls, query.join(' '));
  }
  for (const name of ['STATUS.md', 'HANDOFFS.md', 'handoffs/m.handoff.md']) assert.doesNotMatch(project.read('project-plan', name), controls, name);
  const row = project.read('project-plan', 'STATUS.md').split('\n').find((line) => line.startsWith('| m |'));
  assert.match(row, /three/, 'a title is one cell of one row');
  assert.equal(project.done(['show', 'm']).module.title, title, 'and is kept as it was given');
});

test('a plan of many modules, each after the one before, is read whole', (t) => {
  const project = emptyBoard(t);
  const count = 5000;
  const modules = Array.from({ length: count }, (_, n) => ({ id: `m${n}`, depends_on: n > 0 ? [`m${n - 1}`] : [], owned_paths: [`src/f${n}`] }));
  assert.equal(project.done(['import-plan', '-'], { input: JSON.stringify({ modules }) }).modules.length, count);
  const error = project.refused('cycle', ['edit-module', 'm0', '--depends-on', `m${count - 1}`]);
  assert.ok(error.message.length < 2000, `a cycle of ${count} modules is not told whole: ${error.message.length} characters`);
  assert.equal(error.details.cycle.length, count + 1, 'programs get all of it');
  project.agent('alice');
  assert.equal(project.done(['claim-next']).module.id, 'm0');
  assert.equal(JSON.parse(project.read('project-plan', 'state.json')).modules.length, count);
});

test('a plan that is no plan changes nothing', (t) => {
  const project = emptyBoard(t);
  const plan = (...modules) => JSON.stringify({ modules });
  const bad = {
    'nothing at all': '',
    'brackets without end': '['.repeat(100_000),
    'a NUL in a path': plan({ id: 'm', owned_paths: ['a\0b'] }),
    'a path outside': plan({ id: 'm' }, { id: 'n', owned_paths: ['../x'] }),
    'a number for a name': plan({ id: 7 }),
    'no modules': plan(),
    'an unknown field': '{"modules": [], "module": []}',
    'half a surrogate': '{"modules": [{"id": "m", "title": "\\ud800"}]}',
    'two plans': `${plan({ id: 'm' })}${plan({ id: 'n' })}`,
  };
  for (const [name, input] of Object.entries(bad)) {
    assert.match(project.refused('invalid', ['import-plan', '-'], { input }).message, /nothing was changed/, name);
  }
  const refused = {
    'already-exists': plan({ id: 'm' }, { id: 'm' }),
    cycle: plan({ id: 'm', depends_on: ['n'] }, { id: 'n', depends_on: ['m'] }),
    'not-found': plan({ id: 'm' }, { id: 'n', depends_on: ['elsewhere'] }),
  };
  for (const [code, input] of Object.entries(refused)) project.refused(code, ['import-plan', '-'], { input });
  assert.deepEqual(project.done(['modules']).modules, []);
});

test('words that are not UTF-8 are bad input; files and folders may be called so', (t) => {
  const project = emptyBoard(t);
  project.agent('alice');
  for (const words of [`add-module "$BAD"`, `add-module m --title "$BAD"`, `claim --module "$BAD"`, `claim-paths "$BAD"`, `conflicts "$BAD"`, `init-agent --thread-key "$BAD"`]) {
    const { code, stdout } = project.shell(`BAD=$(printf 'a\\377b'); "$REMIT" --json ${words}`);
    assert.deepEqual([code, JSON.parse(stdout).error.kind], [2, 'invalid'], words);
  }
  const inOddFolder = `cd "$(printf '../odd\\377')" && "$REMIT" --json`;
  const { code, stdout, stderr } = project.shell(`
    ODD=$(printf '../odd\\377'); cp -R . "$ODD" && rm -r "$ODD/project-plan" && printf '{"modules": [{"id": "m"}]}' > "$(printf '../plan\\377')"
    (${inOddFolder} bootstrap && ${inOddFolder} import-plan "$(printf '../plan\\377')" && ${inOddFolder} init-agent --thread-key a &&
     ${inOddFolder} claim --module m && touch "$(printf '../odd\\377/new\\377')" && ${inOddFolder} conflicts) | grep -c '"ok":true'`);
  assert.deepEqual([code, stdout.trim(), stderr], [0, '5', '']);
});

test('a file whose name is not UTF-8 hides no other change', (t) => {
  const project = new Project(t).board();
  project.done(['claim', '--module', 'core', '--agent-id', project.agent('alice')]);
  const linked = project.worktree('linked');
  project.shell(`touch "$(printf 'src/core/odd\\377.rs')" src/core/plain.rs`, { cwd: linked });
  const error = project.refused('conflicts-found', ['conflicts'], { cwd: linked });
  assert.ok(error.details.conflicts.some((row) => row.path === 'src/core/plain.rs'));
  assert.ok(fs.existsSync(linked));
});
