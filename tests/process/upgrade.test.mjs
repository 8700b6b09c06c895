// Boards outlive versions: an older one is brought up to date by its first mutation, a newer one is left alone.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { LspClient } from '../bench/lib/lsp-client.mjs';
import { askSqlite, Project, soak } from './harness.mjs';

const FORMATS = path.resolve(import.meta.dirname, '../../sidecar/store/src/sqlite/formats');

function python(...args) {
  const { status, stdout, stderr } = spawnSync('python3', args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

/** A board with a day behind it, in a database as the first format made it. */
function oldBoard(t, { moreEvents = 0 } = {}) {
  const project = new Project(t).board();
  const [ann, ben] = ['ann', 'ben'].map((key) => project.agent(key, '--window-id', key));
  project.done(['edit-module', 'core', '--description', 'Make it whole.']);
  project.done(['claim', '--module', 'core', '--agent-id', ann]);
  project.done(['handoff-bundle', '--module', 'core', '--agent-id', ann, '--summary', 'half done']);
  project.done(['claim', '--module', 'docs', '--agent-id', ben]);
  project.done(['preflight', '--confirm-workspace', '--confirm-branch']);
  project.done(['ack-events', '--cursor-id', 'feed', '--agent-id', ben]);
  python(path.join(import.meta.dirname, 'old/downgrade.py'), project.plan(), path.join(FORMATS, '1.sql'), String(moreEvents));
  return { project, ann, ben };
}

/** Changes the database past the program, as a later version would have. */
function sql(project, statement) {
  const program = 'import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit(); c.close()';
  python('-c', program, project.plan('coordination.db'), statement);
}

const formatOf = (project) => askSqlite(project, 'SELECT format FROM meta')[0][0];
const backup = (project) => project.plan('coordination.format-1.backup.db');

test('questions leave an older board as it is; the first mutation brings it up to date after a backup', (t) => {
  const { project, ann, ben } = oldBoard(t);
  const before = project.done(['state']);
  const events = project.done(['events', '--since', '0', '--limit', '1000']).events;
  assert.equal(before.modules.find(({ id }) => id === 'core').description, 'Make it whole.');
  assert.equal(formatOf(project), 1);
  assert.ok(!fs.existsSync(backup(project)));

  const { revision } = project.json(['heartbeat', '--module', 'docs', '--agent-id', ben]);
  assert.ok(formatOf(project) > 1);
  assert.equal(revision, before.revision, 'bringing it up to date is no change of the board');
  const state = ({ modules, agents, handoffs, sessions }) =>
    ({ modules: modules.map((module) => ({ ...module, lease: null })), agents, handoffs, sessions: sessions.map(({ id, epoch }) => [id, epoch]) });
  assert.deepEqual(state(project.done(['state'])), state(before));
  assert.deepEqual(project.done(['events', '--since', '0', '--limit', '1000']).events, events);
  assert.deepEqual(project.done(['events', '--cursor-id', 'feed', '--agent-id', ben]).events, [], 'cursors stand where they stood');
  // The lease's token, kept before, is the current one still.
  project.done(['block', '--module', 'core', '--reason', 'waits', '--agent-id', ann]);

  const program = 'import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); print(c.execute("PRAGMA integrity_check").fetchone()[0], c.execute("SELECT format, revision FROM meta").fetchone())';
  assert.equal(python('-c', program, backup(project)), `ok (1, ${before.revision})`);
});

test('eight commands at once on an older board: one brings it up to date, and none is lost', async (t) => {
  const { project } = oldBoard(t, { moreEvents: 20_000 });
  const before = project.json(['summary']).revision;
  const all = await Promise.all(Array.from({ length: 8 }, (_, n) => project.start(['--json', 'add-module', `m${n}`]).ended));
  assert.deepEqual(all.map(({ code }) => code), Array(8).fill(0), all.map(({ stdout }) => stdout).join(''));
  const revisions = all.map(({ stdout }) => JSON.parse(stdout).revision).sort((a, b) => a - b);
  assert.deepEqual(revisions, Array.from({ length: 8 }, (_, n) => before + 1 + n));
  assert.ok(project.done(['validate']).sound);
});

test('killed in the middle, an older board is as it was or up to date, and whole', async (t) => {
  const { project } = oldBoard(t, { moreEvents: 30_000 });
  const saved = fs.mkdtempSync(path.join(project.scratch, 'saved-'));
  const names = () => fs.readdirSync(project.plan()).filter((name) => /^coordination|^\.backup/.test(name));
  names().forEach((name) => fs.copyFileSync(project.plan(name), path.join(saved, name)));
  const seen = new Set();
  for (let n = 0; n < (soak ? 200 : 8); n += 1) {
    names().forEach((name) => fs.rmSync(project.plan(name)));
    fs.readdirSync(saved).forEach((name) => fs.copyFileSync(path.join(saved, name), project.plan(name)));
    const child = project.start(['--json', 'add-module', 'new']);
    await new Promise((resolve) => setTimeout(resolve, 5 + 24 * (n % 8)));
    child.kill();
    await child.ended;
    const [[format, revision, count]] = askSqlite(project, 'SELECT format, revision, (SELECT count(*) FROM events) - event_seq FROM meta');
    assert.equal(count, 0);
    assert.deepEqual(askSqlite(project, 'PRAGMA integrity_check'), [['ok']]);
    const [[columns]] = askSqlite(project, "SELECT count(*) FROM pragma_table_info('modules') WHERE name = 'claimed_head'");
    assert.equal(columns, format === 1 ? 0 : 1, `format ${format} at revision ${revision}`);
    seen.add(format);
    const { code, error } = project.json(['add-module', 'after']);
    assert.equal(code, 0, JSON.stringify(error));
  }
  assert.ok(seen.has(1), 'some were killed before the step was done');
});

test('what a newer version needs is said to windows and commands that are too old, and nothing is changed', async (t) => {
  const project = new Project(t).board();
  const client = new LspClient(project.binary, project.root, project.env());
  await client.initialize();
  const first = await client.command('add-module', { id: 'by-window' });
  assert.ok(first.ok, JSON.stringify(first));

  // The next version only adds: both go on.
  sql(project, 'ALTER TABLE modules ADD COLUMN mood TEXT; UPDATE meta SET format = 900');
  assert.ok((await client.command('add-module', { id: 'still' })).ok);
  project.done(['add-module', 'too']);

  // The one after it can't let them write any more.
  sql(project, "UPDATE meta SET format = 901, min_writer = 901; UPDATE modules SET mood = 'good'");
  const { error } = await client.command('add-module', { id: 'too-old' });
  assert.deepEqual([error.kind, error.code], ['unavailable', 'schema-newer']);
  assert.match(error.message, /needs a newer remit.*nothing was changed/);
  assert.match(error.hint, /restart this window/);
  for (const args of [['add-module', 'too-old'], ['state'], ['claim-next'], ['validate'], ['validate', '--repair'], ['bootstrap']]) {
    project.refused('schema-newer', args);
  }
  assert.deepEqual(askSqlite(project, "SELECT count(*), min(mood) FROM modules"), [[6, 'good']]);
  assert.deepEqual(fs.readdirSync(project.plan()).filter((name) => /damaged/.test(name)), [], 'a newer board is no damaged one');
  await client.stop();
});
