import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import test from 'node:test';
import { Project } from './harness.mjs';

const QUERIES = [['state'], ['summary'], ['modules'], ['show', 'core'], ['sessions'], ['handoffs'], ['who-owns', 'src'], ['conflicts'], ['board'], ['findings']];

test('no question writes', (t) => {
  const project = new Project(t).board();
  project.agent('alice');
  project.done(['claim', '--module', 'core']);
  const before = project.picture();
  for (const query of QUERIES) project.run(query);
  project.run(['infer-paths', '--module', 'core']);
  assert.deepEqual(project.picture(), before);
});

test('no question and no refused command makes a board', (t) => {
  const project = new Project(t);
  for (const args of [...QUERIES.slice(0, -2), ['add-module', 'm'], ['claim', '--module', 'm'], ['init-agent', '--thread-key', 'a'], ['import-plan', '-']]) {
    const { code, error } = project.json(args, { input: '{"modules":[{"id":"m"}]}' });
    assert.deepEqual([code, error.code], [4, 'no-board'], args.join(' '));
    assert.match(error.hint, /bootstrap/);
  }
  assert.ok(!fs.existsSync(project.plan()) && !fs.existsSync(project.at('.git/remit')));
});

for (const [name, bytes] of Object.entries({ text: 'this is no database', zeros: Buffer.alloc(8192), 'another database': null })) {
  test(`a coordination.db that is ${name} is left as it is`, (t) => {
    const project = new Project(t);
    fs.mkdirSync(project.plan());
    const file = project.plan('coordination.db');
    if (bytes) fs.writeFileSync(file, bytes);
    else spawnSync('python3', ['-c', 'import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute("create table modules(x)"); c.commit()', file]);
    const before = fs.readFileSync(file);
    for (const args of [['state'], ['add-module', 'm'], ['bootstrap']]) {
      const { code, error } = project.json(args);
      assert.deepEqual([code, error.code], [4, 'corrupt'], `${args} ${JSON.stringify(error)}`);
      assert.ok(error.hint);
    }
    assert.ok(before.equals(fs.readFileSync(file)));
  });
}

test('a truncated board is said to be damaged, not lost in silence', (t) => {
  const project = new Project(t).board();
  for (const name of fs.readdirSync(project.plan()).filter((name) => /-(wal|shm)$/.test(name))) fs.rmSync(project.plan(name));
  const file = project.plan('coordination.db');
  fs.truncateSync(file, 2048);
  const before = fs.readFileSync(file);
  assert.equal(project.json(['add-module', 'm']).code, 4);
  assert.equal(project.json(['modules']).code, 4);
  assert.ok(before.equals(fs.readFileSync(file)));
});

test('a board that was removed is not there, and can be made anew', (t) => {
  const project = new Project(t).board();
  project.agent('alice');
  project.git('clean', '--quiet', '-fdx');
  assert.ok(!fs.existsSync(project.plan()));
  project.refused('no-board', ['claim', '--module', 'core']);
  project.board();
  project.refused('agent-unclear', ['claim', '--module', 'core']);
  project.agent('alice');
  project.done(['claim', '--module', 'core']);
});

test('where nothing can be written, reading goes on', { skip: process.getuid?.() !== 0 && 'a read-only mount needs root' }, (t) => {
  const project = new Project(t).board();
  const mount = (...args) => spawnSync('mount', args, { encoding: 'utf8' });
  if (mount('--bind', project.root, project.root).status !== 0) return t.skip('mounting is not allowed here');
  try {
    assert.equal(mount('-o', 'remount,ro,bind', project.root).status, 0);
    const error = project.refused('read-only', ['add-module', 'm']);
    assert.match(error.message, /nothing was changed/);
    assert.equal(project.done(['modules']).modules.length, 3);
  } finally {
    spawnSync('umount', ['-l', project.root]);
  }
});

test('projections are current when a command returns, and only rebuilt', (t) => {
  const project = new Project(t).board();
  project.agent('alice');
  const { revision } = project.json(['claim', '--module', 'core']);
  const state = JSON.parse(project.read('project-plan', 'state.json'));
  assert.equal(state.revision, revision);
  assert.equal(state.modules.find((module) => module.id === 'core').status, 'in-progress');
  assert.match(project.read('project-plan', 'STATUS.md'), /core/);
  for (const name of ['STATUS.md', 'state.json', 'HANDOFFS.md']) fs.rmSync(project.plan(name));
  project.done(['edit-module', 'core', '--title', 'New title']);
  for (const name of ['STATUS.md', 'state.json', 'HANDOFFS.md']) assert.ok(fs.existsSync(project.plan(name)), name);
});

test('shared markdown is seen by git, the database and tokens are not', (t) => {
  const project = new Project(t).board();
  assert.equal(project.git('status', '--porcelain'), '');
  project.done(['bootstrap', '--share']);
  project.agent('alice');
  project.done(['claim', '--module', 'core']);
  project.done(['handoff-bundle', '--module', 'core']);
  const seen = project.git('status', '--porcelain', '-uall').trim().split('\n').map((line) => line.slice(3)).sort();
  assert.ok(seen.includes('project-plan/STATUS.md') && seen.includes('project-plan/handoffs/core.handoff.md'), seen.join(' '));
  assert.ok(seen.every((name) => /\.md$|\.gitignore$/.test(name)), seen.join(' '));
});
