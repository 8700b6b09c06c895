// A board that was damaged: what is said, what is left alone, what a repair brings back.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import test from 'node:test';
import { Project } from './harness.mjs';

/** A board with work under way; its database in one file, and everything beside it current. */
function day(t) {
  const project = new Project(t).board();
  project.agent('alice');
  project.done(['claim', '--module', 'core']);
  project.done(['edit-module', 'docs', '--description', 'Say how it works.']);
  project.done(['preflight', '--confirm-workspace', '--confirm-branch', '--safety-profile', 'safe']);
  return project;
}

/** Whole pages may stand in the log alone: moves it into the database. */
function sql(project, statement) {
  const program = 'import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit(); c.execute("pragma wal_checkpoint(truncate)"); c.close()';
  const { status, stderr } = spawnSync('python3', ['-c', program, project.plan('coordination.db'), statement], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}

const events = (project) => project.done(['events', '--source', 'validate']).events;
const asideOf = (project) => fs.readdirSync(project.plan()).filter((name) => name.includes('damaged-'));

test('a sound board is said to be sound, and each look leaves one event', (t) => {
  const project = day(t);
  const before = project.json(['summary']).revision;
  const { revision, result } = project.json(['validate']);
  assert.deepEqual([revision, result.sound, result.flaws, result.mended], [before + 1, true, [], []]);
  assert.equal(project.run(['validate', '--repair']).stdout, 'The board is sound.\n');
  assert.deepEqual(events(project).map(({ kind, summary }) => [kind, summary]), Array(2).fill(['validate', 'the board is sound']));
});

test('a board that does not hold together is refused, then repaired, then sound', (t) => {
  const project = day(t);
  sql(project, "UPDATE modules SET depends_on = 'gone', owner = NULL WHERE id = 'core'");
  const error = project.refused('invalid-board', ['validate']);
  assert.match(error.message, /does not hold together in 3 places/);
  assert.match(error.hint, /validate --repair/);
  assert.equal(error.details.flaws.length, 3);
  const repaired = project.done(['validate', '--repair']);
  assert.ok(repaired.sound && repaired.flaws.every((flaw) => flaw.repaired));
  assert.deepEqual(project.done(['validate']).flaws, []);
  assert.equal(project.done(['show', 'core']).module.status, 'todo');
  assert.match(events(project).at(-2).summary, /core no longer waits for it/);
});

for (const [name, spoil] of Object.entries({
  'is no database any more': (file) => fs.writeFileSync(file, 'nothing of a board. '.repeat(300)),
  'was cut short': (file) => fs.truncateSync(file, 5000),
  'is empty': (file) => fs.truncateSync(file, 0),
})) {
  test(`a database that ${name} is set aside by a repair alone, and the board goes on`, (t) => {
    const project = day(t);
    sql(project, 'DELETE FROM requests');
    for (const ending of ['-wal', '-shm']) fs.rmSync(project.plan(`coordination.db${ending}`), { force: true });
    const file = project.plan('coordination.db');
    const before = JSON.parse(project.read('project-plan', 'state.json'));
    spoil(file);
    const spoilt = fs.readFileSync(file);
    const missing = spoilt.length === 0;
    project.refused(missing ? 'no-board' : 'invalid-board', ['validate']);
    assert.ok(spoilt.equals(fs.readFileSync(file)) && asideOf(project).length === 0, 'looking changes nothing');

    const { result, revision } = project.json(['validate', '--repair']);
    assert.equal(revision, 1_000_000_001);
    assert.match(result.mended.join('\n'), /set aside as coordination\.damaged-.*\.db[^]*rebuilt with 3 modules[^]*missing: whatever came after revision \d+/);
    const aside = asideOf(project).find((name) => name.endsWith('.db'));
    assert.ok(spoilt.equals(fs.readFileSync(project.plan(aside))));

    const after = project.done(['state']);
    assert.ok(after.incarnation > before.incarnation);
    assert.equal(after.safety.profile, 'safe');
    const rows = ({ modules }) => modules.map(({ id, title, status, description, owner }) => [id, title, status, description, owner]);
    assert.deepEqual(rows(after), rows(before));
    assert.match(events(project).at(-1).summary, /set aside/);
    project.refused('stale-revision', ['add-module', 'x', '--expected-revision', String(before.revision)]);

    // Alice's token went with the old board; her work did not.
    project.refused('stale-lease', ['finish', '--module', 'core']);
    project.done(['claim', '--module', 'core', '--while-session']);
    project.done(['finish', '--module', 'core']);
    assert.equal(JSON.parse(project.read('project-plan', 'state.json')).modules.find((one) => one.id === 'core').status, 'done');
  });
}

test('a board with a history is rebuilt with what calls people, and says which events are gone', (t) => {
  const project = new Project(t).board();
  const [ann, ben, rae] = ['ann', 'ben', 'rae'].map((key) => project.agent(key, '--window-id', key, ...(key === 'rae' ? ['--role', 'reviewer'] : [])));
  project.done(['edit-module', 'core', '--acceptance', 'it counts', '--verify', 'cargo test']);
  for (const [module, agent] of [['core', ann], ['docs', ben]]) project.done(['claim', '--module', module, '--agent-id', agent]);
  project.done(['submit', '--module', 'docs', '--agent-id', ben]);
  project.done(['prune-events', '--max-rows', '6']);
  project.done(['handoff-bundle', '--module', 'core', '--agent-id', ann, '--summary', 'half', '--decision', 'u32']);
  const archive = () => fs.readdirSync(project.plan('archive/events')).map((name) => [name, project.read('project-plan', 'archive', 'events', name)]);
  const calls = (agent) => project.done(['notifications', '--agent-id', agent]).notifications.map(({ kind, module }) => [kind, module]);
  const before = { archive: archive(), ben: calls(ben), rae: calls(rae), core: project.done(['show', 'core']).module };
  assert.deepEqual([before.ben, before.rae], [[['handoff-ready', 'core']], [['review-ready', 'docs']]]);
  const archived = Number(before.archive.at(-1)[1].trim().split('\n').length);

  for (const ending of ['-wal', '-shm']) fs.rmSync(project.plan(`coordination.db${ending}`), { force: true });
  fs.writeFileSync(project.plan('coordination.db'), 'nothing of a board. '.repeat(300));
  const { mended, flaws } = project.done(['validate', '--repair']);
  assert.deepEqual(flaws, [], 'what was rebuilt holds together');
  assert.match(mended.join('\n'), new RegExp(`missing: the events from ${archived + 1} on, \\d+ of them or more: those up to ${archived} are in the archives; 2 notifications`));
  assert.deepEqual([calls(ben), calls(rae)], [before.ben, before.rae]);
  assert.deepEqual(archive(), before.archive, 'what was archived stays where it is');
  const { acceptance, verify, claimed_head } = project.done(['show', 'core']).module;
  assert.deepEqual([acceptance, verify, claimed_head], [['it counts'], ['cargo test'], before.core.claimed_head]);

  // Ann is at work still: nobody takes it from her, until her handoff passes it on.
  project.refused('lease-held', ['claim', '--module', 'core', '--agent-id', ben]);
  project.done(['claim', '--module', 'core', '--agent-id', ann]);
  assert.deepEqual(project.done(['next-handoff', '--agent-id', ben]).handoff.decisions, ['u32']);
  project.done(['claim-handoff', '--module', 'core', '--agent-id', ben]);
  assert.deepEqual(calls(ben), []);

  // The archives go on without a line twice.
  project.done(['prune-events', '--max-rows', '1']);
  const lines = archive().flatMap(([, text]) => text.trim().split('\n').map((line) => JSON.parse(line).seq));
  assert.equal(new Set(lines).size, lines.length);
});

test('two repairs at once set one database aside', async (t) => {
  const project = day(t);
  for (const ending of ['-wal', '-shm']) fs.rmSync(project.plan(`coordination.db${ending}`), { force: true });
  fs.writeFileSync(project.plan('coordination.db'), 'nothing of a board. '.repeat(300));
  const both = await Promise.all([1, 2, 3].map(() => project.start(['validate', '--repair']).ended));
  assert.deepEqual(both.map(({ code }) => code), [0, 0, 0]);
  assert.equal(asideOf(project).filter((name) => name.endsWith('.db')).length, 1);
  assert.equal(project.done(['modules']).modules.length, 3);
});
