// A board's folder on a network file system: what is refused, and machines that share it all the same.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { askSqlite, Project } from './harness.mjs';

// There is no such file system at hand; the sidecar is told that there is one.
const network = (env = {}) => ({ env: { REMIT_TEST_NETWORK_DISK: '1', ...env } });
const CONFIRM = ['preflight', '--confirm-workspace', '--confirm-branch'];

test('on a network file system nothing is written, and the service is named', (t) => {
  const project = new Project(t);
  const refused = (...args) => project.refused('read-only', args, network());
  const error = refused('bootstrap');
  assert.match(error.message, /network file system \(nfs\).*nothing was changed/);
  assert.match(error.hint, /remit serve.*--shared-storage true/);
  assert.ok(!fs.existsSync(project.plan('coordination.db')) || fs.statSync(project.plan('coordination.db')).size === 0);

  project.board();
  const before = project.json(['summary']).revision;
  refused('add-module', 'x');
  refused('bootstrap', '--shared-storage', 'false');
  assert.equal(project.json(['summary'], network()).revision, before, 'reading goes on');
  assert.equal(project.done(['mode-advisor'], network()).mode, 'centralized-dispatch');
  const { checks: lines } = project.refused('problems-found', ['doctor'], network()).details;
  const checks = Object.fromEntries(lines.map((check) => [check.name, check]));
  assert.deepEqual([checks.disk.level, checks.journal.level], ['note', 'problem']);
  assert.match(checks.journal.advice, /--shared-storage true/);
});

test('a shared board works by a rollback journal, and the mode reacts to it', (t) => {
  const project = new Project(t);
  assert.ok(project.done(['bootstrap', '--shared-storage', 'true'], network()).created);
  project.done(['add-module', 'core'], network());
  project.done(['init-agent', '--thread-key', 'ann'], network());
  project.done(['claim', '--module', 'core'], network());
  assert.ok(!fs.existsSync(project.plan('coordination.db-wal')));
  assert.deepEqual(askSqlite(project, 'PRAGMA journal_mode'), [['delete']]);
  const advice = project.done([...CONFIRM, '--machine-count', '2', '--optimize-for', 'token'], network());
  assert.equal(advice.mode, 'shared-board');
  assert.match(advice.reasons[0], /share the board's folder/);
  const checks = project.done(['doctor'], network()).checks;
  assert.equal(checks.find((check) => check.name === 'journal').level, 'ok');
});

test('a board changes between a machine’s disk and a shared folder', (t) => {
  const project = new Project(t).board();
  const journal = () => askSqlite(project, 'PRAGMA journal_mode')[0][0];
  project.done(['bootstrap', '--shared-storage', 'true']);
  assert.equal(journal(), 'delete');
  project.done(['add-module', 'one'], network());
  project.done(['bootstrap']);
  assert.equal(journal(), 'delete', 'who says nothing changes nothing');
  project.done(['bootstrap', '--shared-storage', 'false']);
  assert.equal(journal(), 'wal');
  assert.equal(project.done(['modules']).modules.length, 4);
});

test('two machines at once: no claim is given twice, and none is lost', async (t) => {
  const project = new Project(t);
  project.done(['bootstrap', '--shared-storage', 'true'], network());
  const modules = Array.from({ length: 24 }, (_, n) => ({ id: `m${n}` }));
  project.done(['import-plan', '-'], { ...network(), input: JSON.stringify({ modules }) });
  const ids = ['ann', 'ben'].map((key) => project.done(['init-agent', '--thread-key', key, '--window-id', key, '--host-id', `host-${key}`], network()).agent_id);
  const claimAll = async (id) => {
    const claimed = [];
    for (;;) {
      const { code, stdout } = await project.start(['--json', 'claim-next', '--agent-id', id], network()).ended;
      if (code === 3) return claimed;
      assert.equal(code, 0, stdout);
      claimed.push(JSON.parse(stdout).result.module.id);
    }
  };
  const [ann, ben] = await Promise.all(ids.map(claimAll));
  assert.ok(ann.length > 0 && ben.length > 0, 'both get some');
  assert.deepEqual([...ann, ...ben].sort(), modules.map(({ id }) => id).sort());
  const { revision } = project.json(['validate'], network());
  assert.equal(revision, 1 + 1 + 2 + 24 + 1, 'the making, the plan, two agents, the claims, and this look');
});

test('a watch sees by polling what another machine commits', async (t) => {
  const project = new Project(t);
  project.done(['bootstrap', '--shared-storage', 'true'], network());
  const watching = project.start(['--json', 'events', '--since', '0', '--kind', 'add-module', '--watch-seconds', '30'], network());
  project.done(['add-module', 'seen'], network());
  const { code, stdout } = await watching.ended;
  assert.equal(code, 0, stdout);
  assert.equal(JSON.parse(stdout).result.events[0].module, 'seen');
});
