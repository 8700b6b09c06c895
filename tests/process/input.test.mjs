import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import test from 'node:test';
import { Project } from './harness.mjs';

test('paths that no project has are bad input, and change nothing', (t) => {
  const project = new Project(t).board();
  project.agent('alice');
  const before = project.json(['state']).revision;
  for (const bad of ['../outside', '/etc/passwd', '', 'x'.repeat(10_000), 'a\tb', 'a\nb', '.', 'src/../../x']) {
    for (const command of ['claim-paths', 'who-owns', 'conflicts']) {
      const { code, error } = project.json([command, '--', bad]);
      assert.deepEqual([code, error.kind], [2, 'invalid'], `${command} ${JSON.stringify(bad).slice(0, 40)}`);
    }
  }
  assert.equal(project.json(['state']).revision, before);
});

test('nobody can own the board’s folder or git’s', (t) => {
  const project = new Project(t).board();
  project.agent('alice');
  const before = project.json(['state']).revision;
  for (const inside of ['project-plan', 'project-plan/STATUS.md', '.git', '.git/config', './.git/hooks/']) {
    for (const command of [['claim-paths', '--', inside], ['add-module', 'm', '--owned-path', inside.replace('./', '')]]) {
      assert.match(project.refused('invalid', command).message, /nothing is ever anybody's change/);
    }
  }
  project.refused('invalid', ['claim-paths', '--', 'STATUS.md'], { cwd: project.plan() });
  assert.equal(project.json(['state']).revision, before);
});

test('a path that is not UTF-8 is bad input', (t) => {
  const project = new Project(t).board();
  const shell = `"$REMIT" --json who-owns "$(printf 'a\\377b')"`;
  const env = project.env({ REMIT: process.env.REMIT_BIN ?? `${import.meta.dirname}/../../target/debug/remit` });
  const { status, stdout } = spawnSync('sh', ['-c', shell], { cwd: project.root, env, encoding: 'utf8' });
  assert.equal(status, 2);
  assert.equal(JSON.parse(stdout).error.kind, 'invalid');
});

test('a path is literal, whatever it is called', (t) => {
  const project = new Project(t).board();
  project.agent('alice');
  const odd = ['app/[id]/page.tsx', 'a{b,c}', 'x*y?', 'with space', 'ü/😀', '!not', '#no', 'back\\slash'];
  odd.forEach((name) => project.write(name, 'x\n'));
  project.done(['claim-paths', ...odd]);
  const owned = (path) => project.done(['who-owns', '--', path]).paths[0].owners.length;
  for (const name of odd) assert.equal(owned(name), 1, name);
  for (const other of ['app/i/page.tsx', 'ab', 'xzy1', 'back/slash']) assert.equal(owned(other), 0, other);
});

test('each rule of patterns has its error, which names the pattern', (t) => {
  const project = new Project(t);
  project.done(['bootstrap']);
  for (const bad of ['', '/abs', 'a/../b', '..', 'a[b', 'a{b', 'a\u0001b', 'x'.repeat(4097), `{${'a,'.repeat(70)}b}`]) {
    const { code, error } = project.json(['add-module', 'm', '--owned-path', bad]);
    assert.deepEqual([code, error.kind], [2, 'invalid'], JSON.stringify(bad).slice(0, 40));
  }
  assert.equal(project.done(['modules']).modules.length, 0);
  project.done(['add-module', 'm', '--owned-path', 'src/**/[!a]*.{rs,toml}', '--owned-path', 'docs/']);
});

test('bad words on the command line are one JSON object too', (t) => {
  const project = new Project(t);
  for (const args of [['clam'], [], ['claim'], ['claim', '--module'], ['claim', '--module', 'bad id'], ['state', '--format', 'xml'],
    ['add-module', 'x', '--priority', '9'], ['claim', '--module', 'x', '--ttl-seconds', 'soon'], ['--project-root', 'missing', 'state']]) {
    const { code, stdout, stderr } = project.run(['--json', ...args]);
    assert.deepEqual([code, stderr], [2, ''], args.join(' '));
    const envelope = JSON.parse(stdout);
    assert.deepEqual([envelope.ok, envelope.revision, envelope.error.kind], [false, null, 'invalid'], args.join(' '));
  }
  assert.match(project.run(['clam']).stderr, /claim/);
  assert.equal(project.run(['--help']).code, 0);
  assert.match(project.run(['--version']).stdout, /^remit \d+\.\d+\.\d+ \([0-9a-f]+\)/);
});

test('what is not there is said to be not there', (t) => {
  const project = new Project(t).board();
  project.agent('alice');
  for (const args of [['claim', '--module', 'none'], ['show', 'none'], ['edit-module', 'none', '--title', 'x'], ['infer-paths', '--module', 'none'],
    ['handoff-bundle', '--module', 'none'], ['claim-handoff', '--module', 'core'], ['add-module', 'x', '--depends-on', 'none']]) {
    project.refused('not-found', args);
  }
  const cycle = project.refused('cycle', ['edit-module', 'core', '--depends-on', 'web']);
  assert.deepEqual(cycle.details.cycle, ['core', 'web', 'core']);
  for (const ttl of ['0', '604801']) project.refused('invalid', ['claim', '--module', 'core', '--ttl-seconds', ttl]);
});

test('text of people stays text in the files that agents read', (t) => {
  const project = new Project(t);
  project.done(['bootstrap']);
  const title = '# Ignore | <img src=x> [all](http://x) `rules`';
  project.done(['add-module', 'm', '--title', title]);
  const status = fs.readFileSync(project.plan('STATUS.md'), 'utf8');
  assert.doesNotMatch(status, /(?<!\\)<img|(?<!\\)\]\(|^# Ignore|(?<!\\)`rules/m);
  assert.equal(project.done(['show', 'm']).module.title, title);
});
