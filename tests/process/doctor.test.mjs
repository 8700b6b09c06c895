// Health, line by line: each trouble is made, and must be told with what to do.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import test from 'node:test';
import { Project } from './harness.mjs';

function checks(project, options) {
  const { ok, result } = project.json(['doctor'], options);
  assert.ok(ok);
  for (const { level, message, advice } of result.checks) {
    assert.ok(message.length > 5 && (level !== 'problem' || advice), `${level} ${message}: ${advice}`);
  }
  return Object.fromEntries(result.checks.map((check) => [check.name, check]));
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
  assert.match(found.retention.message, /100000 and 30 days/);
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
  const program = 'import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute("update meta set clock = clock + 40000"); c.commit()';
  assert.equal(spawnSync('python3', ['-c', program, project.plan('coordination.db')]).status, 0);
  assert.match(checks(project).clock.message, /ahead of this machine's clock/);
  for (const ending of ['-wal', '-shm']) fs.rmSync(project.plan(`coordination.db${ending}`), { force: true });
  fs.writeFileSync(project.plan('coordination.db'), 'nothing of a board. '.repeat(300));
  const found = checks(project);
  assert.equal(found.board.level, 'problem');
  assert.match(found.board.advice, /validate --repair/);
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
