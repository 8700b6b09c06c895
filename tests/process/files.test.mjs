// The page on the board's files shows files that were written, and names every field in them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { Project } from './harness.mjs';
import { assertDocument, makeNormaliser } from './snapshot.mjs';

const DOCUMENT = 'docs/FILES.md';
const PAGE = fs.readFileSync(path.resolve(import.meta.dirname, '../..', DOCUMENT), 'utf8');
const SAMPLE = /(?<=<!-- sample: (\S+) -->\n````\w+\n)[^]*?(?=````)/g;

/** A board on which something of everything has happened. */
function busyBoard(project) {
  const [ann, ben] = [project.root, project.worktree('ben')];
  const as = (cwd, ...args) => project.done(args, { cwd });
  as(ann, 'bootstrap');
  as(ann, 'preflight', '--confirm-workspace', '--confirm-branch', '--agent-count', '2', '--window-count', '2');
  as(ann, 'add-module', 'cart', '--title', 'The cart', '--owned-path', 'src/cart', '--priority', '1');
  as(ann, 'add-module', 'search', '--title', 'Search', '--owned-path', 'src/search', '--specialty', 'text');
  as(ann, 'add-module', 'checkout', '--title', 'Checkout', '--depends-on', 'cart');
  as(ann, 'init-agent', '--thread-key', 'ann', '--specialty', 'text');
  as(ben, 'init-agent', '--thread-key', 'ben', '--role', 'reviewer');
  as(ann, 'claim', '--module', 'cart');
  as(ann, 'submit', '--module', 'cart');
  as(ann, 'claim', '--module', 'search');
  as(ann, 'handoff-bundle', '--module', 'search', '--summary', 'Ranking works', '--next-step', 'Page the results');
}

function archived(project) {
  project.done(['prune-events', '--max-rows', '5']);
  const [file] = fs.readdirSync(project.plan('archive', 'events'));
  return fs.readFileSync(project.plan('archive', 'events', file), 'utf8');
}

test('the page on files shows what was written, and tells every field', (t) => {
  const project = new Project(t);
  busyBoard(project);
  const normalise = makeNormaliser(project.scratch);
  const text = (name) => fs.readFileSync(project.plan(name), 'utf8');
  const shown = (name) => (name.endsWith('.json') ? `${JSON.stringify(JSON.parse(text(name)), null, 2)}\n` : text(name));
  const samples = new Map();
  const sample = (_, name) => {
    samples.set(name, name === 'archive' ? archived(project) : shown(name));
    return likeAnyOther(normalise(samples.get(name)));
  };
  const state = JSON.parse(text('state.json'));
  for (const [heading, row] of [['A module:', state.modules[0]], ['An agent:', state.agents[0]], ['A session:', state.sessions[0]]]) {
    assert.deepEqual(tableAfter(heading).sort(), Object.keys(row).sort(), `${heading} field by field, and no other`);
  }
  assert.deepEqual(tableAfter('## state.json').sort(), Object.keys(state).sort());
  assert.deepEqual(Object.keys(state.notifications[0]).filter((field) => !tableAfter('## archive/events').includes(field)), []);
  assertDocument(DOCUMENT, PAGE.replace(SAMPLE, sample));

  for (const [name, values] of [['state.json', [state]], ['handoff-index.json', [JSON.parse(samples.get('handoff-index.json'))]],
    ['preflight.json', [JSON.parse(samples.get('preflight.json'))]], ['archive/events', samples.get('archive').trim().split('\n').map(JSON.parse)]]) {
    for (const field of fieldsOf(values)) assert.ok(PAGE.includes(`\`${field}\``), `${name} has ${field}, which the page does not tell`);
  }
});

/** The fields of the first table below a line of the page. */
function tableAfter(line) {
  const [table] = PAGE.slice(PAGE.indexOf(`\n${line}\n`)).match(/^\| field \|[^]*?(?=\n\n)/m);
  return [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, field]) => field);
}

/** What differs from run to run and from machine to machine, and is no id. */
const likeAnyOther = (text) =>
  text.replace(/"incarnation": \d{13}/g, '"incarnation": 1').replaceAll('0000-00-00T00:00:00.000Z', '2026-03-02T17:30:00.000Z').replaceAll(`\`${os.hostname()}\``, '`HOST`');

/** Every name in a value, at whatever depth. */
function fieldsOf(value) {
  if (Array.isArray(value)) return value.flatMap(fieldsOf);
  return value && typeof value === 'object' ? Object.entries(value).flatMap(([name, inner]) => [name, ...fieldsOf(inner)]) : [];
}
