// Health, line by line: each trouble is made, and must be told with what to do.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { Project } from './harness.mjs';

/** The lines by name; an exit code of 1 is for problems alone. */
function checks(project, options) {
  const { ok, code, result, error } = project.json(['doctor'], options);
  const lines = ok ? result.checks : error.details.checks;
  for (const { level, message, advice } of lines) {
    assert.ok(message.length > 5 && (level !== 'problem' || advice), `${level} ${message}: ${advice}`);
  }
  const found = Object.fromEntries(lines.map((check) => [check.name, check]));
  const problems = levels(found, 'problem').length;
  assert.deepEqual([code, error?.code], problems ? [1, 'problems-found'] : [0, undefined]);
  return found;
}

const ROOT = path.resolve(import.meta.dirname, '../..');

/** The same board in a database as the first format made it. */
function downgrade(project) {
  const [script, first] = ['tests/process/old/downgrade.py', 'sidecar/store/src/sqlite/formats/1.sql'].map((name) => path.join(ROOT, name));
  const { status, stderr } = spawnSync('python3', [script, project.plan(), first, '0'], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  fs.chmodSync(project.plan('coordination.db'), 0o600);
}

/** Does to the database what no command would do. */
function tamper(project, sql) {
  const program = 'import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()';
  const { status, stderr } = spawnSync('python3', ['-c', program, project.plan('coordination.db'), sql], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}

const levels = (found, level) => Object.values(found).filter((check) => check.level === level).map((check) => check.name).sort();

test('a healthy board has no problems, and looking changes nothing', (t) => {
  const project = new Project(t).board();
  project.done(['preflight', '--confirm-workspace', '--confirm-branch']);
  project.done(['guard', 'install']);
  const before = project.picture();
  const found = checks(project);
  assert.deepEqual(project.picture(), before);
  assert.deepEqual([levels(found, 'problem'), levels(found, 'note')], [[], []]);
  assert.match(found.journal.message, /SQLite 3\.\d+\.\d+ with a write-ahead log/);
  assert.match(found.retention.message, /newest 100000 stay, for 30 days/);
  const { stdout } = project.run(['doctor']);
  assert.match(stdout, /^ok {7}disk {7}the board's folder lies on a disk/m);
});

test('without a board there is something to say, too', (t) => {
  const project = new Project(t);
  const found = checks(project);
  assert.deepEqual([found.board.level, found.guard.level], ['note', 'note']);
  assert.match(found.board.advice, /bootstrap/);
  assert.ok(!fs.existsSync(project.plan()));
});

test('every trouble is told with what to do', async (t) => {
  const project = new Project(t).board();
  project.agent('alice');
  project.done(['claim', '--module', 'core', '--ttl-seconds', '1']);
  fs.chmodSync(project.plan('coordination.db'), 0o644);
  fs.writeFileSync(project.plan('state.json'), '{}');
  fs.writeFileSync(project.plan('coordination.damaged-2020.db'), '');
  while (!project.done(['show', 'core']).module.lease.expired) await new Promise((resolve) => setTimeout(resolve, 50));
  const found = checks(project);
  assert.deepEqual(levels(found, 'problem'), ['rights']);
  assert.deepEqual(levels(found, 'note'), ['copies', 'files', 'guard', 'leases', 'preflight']);
  assert.match(found.leases.message, /1 of 1 have run out: core of agent-/);
  assert.match(found.rights.advice, /chmod 600/);
  assert.match(found.guard.advice, /guard install/);
});

test('a damaged database and a clock far off are problems', (t) => {
  const project = new Project(t).board();
  tamper(project, 'UPDATE meta SET clock = clock + 40000');
  assert.match(checks(project).clock.message, /ahead of this machine's clock/);
  for (const ending of ['-wal', '-shm']) fs.rmSync(project.plan(`coordination.db${ending}`), { force: true });
  fs.writeFileSync(project.plan('coordination.db'), 'nothing of a board. '.repeat(300));
  const found = checks(project);
  assert.equal(found.board.level, 'problem');
  assert.match(found.board.advice, /validate --repair/);
});

/** What is done to a board, and the one line that changes by it: its level, and what it says. */
const TROUBLES = [
  ['sessions', 'note', /1 of 1 were not seen for a day/, 'UPDATE last_seen SET at = at - 90000000', 'UPDATE sessions SET registered_at = registered_at - 90000000'],
  ['retention', 'note', /some are beyond that/, 'UPDATE events SET at = at - 2700000000 WHERE seq = 1'],
  ['format', 'note', /of an older remit/, downgrade],
  ['format', 'note', /of a newer remit, which still lets this one/, 'UPDATE meta SET format = format + 1'],
  ['board', 'problem', /newer/, 'UPDATE meta SET format = format + 1, min_writer = format + 1'],
  ['files', 'note', /state.json shows revision 7, the board is at 8/, 'UPDATE meta SET revision = revision + 1'],
];

for (const [name, level, said, ...statements] of TROUBLES) {
  test(`a trouble of its own: ${name} ${said.source}`, (t) => {
    const project = new Project(t).board();
    project.done(['guard', 'install']);
    project.agent('alice');
    project.done(['preflight', '--confirm-workspace', '--confirm-branch']);
    project.done(['add-module', 'api']);
    assert.deepEqual(levels(checks(project), 'ok').length, Object.keys(checks(project)).length, 'all is well before');
    for (const done of statements) {
      if (typeof done === 'string') tamper(project, done);
      else done(project);
    }
    const found = checks(project);
    assert.deepEqual([...levels(found, 'note'), ...levels(found, 'problem')], [name]);
    assert.equal(found[name].level, level);
    assert.match(found[name].message, said);
    assert.ok(found[name].advice.length > 10);
  });
}

test('what the disk, the journal and git are is told, and a problem is the exit code', (t) => {
  const project = new Project(t).board();
  project.done(['bootstrap', '--shared-storage', 'true']);
  const rollback = checks(project).journal;
  assert.deepEqual([rollback.level, /--shared-storage false/.test(rollback.advice)], ['note', true]);
  assert.equal(checks(project, { env: { REMIT_TEST_NETWORK_DISK: '1' } }).disk.level, 'note');
  project.done(['bootstrap', '--shared-storage', 'false']);

  const people = project.run(['doctor'], { env: { REMIT_TEST_NETWORK_DISK: '1' } });
  assert.equal(people.code, 1);
  assert.match(people.stdout, /^problem {2}journal {4}.*can't be shared/m, 'the lines themselves are the answer');
  assert.match(people.stderr, /^error: 1 problem to be mended\nhint: each line marked/);
  const outside = new Project(t, { repository: false });
  assert.deepEqual(levels(checks(outside), 'note'), ['board', 'git', 'guard']);
});

test('the self-test plays a day on a scratch board and leaves nothing behind', (t) => {
  const project = new Project(t);
  const { checks: lines } = project.done(['doctor', '--self-test'], { env: { TMPDIR: project.scratch } });
  const steps = lines.filter((line) => line.name === 'self-test');
  assert.deepEqual(steps.map((line) => [line.level, line.message.split(':')[0]]), ['make a board', 'plan', 'register', 'claim', 'hand over', 'finish', 'write files', 'validate'].map((step) => ['ok', step]));
  assert.ok(!fs.existsSync(project.plan()));
  assert.deepEqual(fs.readdirSync(project.scratch).sort(), ['home', 'repo']);
  assert.deepEqual(fs.readdirSync(project.home), []);
});
