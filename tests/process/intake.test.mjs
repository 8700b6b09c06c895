// From an empty board to a plan: what `intake` finds in real sources, and how candidates become modules that count.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { git, makeRepo } from '../editor/rig/repo.mjs';
import { Project, soak } from './harness.mjs';
import { assertSnapshot, makeNormaliser } from './snapshot.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
const OWN_SOURCES = ['Cargo.toml', 'package.json', 'sidecar', 'scripts', 'extension/src', 'tests/editor', 'docs'];
const VENDORED = soak ? 400 : 25;

const SHOP = {
  'README.md': '# Shop\n',
  'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\n',
  'crates/money/Cargo.toml': '[package]\nname = "shop-money"\n',
  'crates/money/src/lib.rs': 'pub fn cents() {}\n',
  'crates/cart/Cargo.toml': '[package]\nname = "shop-cart"\n\n[dependencies]\nshop-money = { path = "../money" }\n',
  'crates/cart/src/lib.rs': 'use shop_money::cents;\n',
  'web/package.json': '{"name": "@shop/web"}\n',
  'web/app/[id]/page.tsx': 'export default 1;\n',
  'web/broken/package.json': '{"name": \n',
  'docs/guide.md': 'Read me.\n',
  '.github/CODEOWNERS': '/web/ @shop/frontend\n',
};

const modulesOf = (project) => new Map(project.done(['modules']).modules.map((module) => [module.id, module]));
const standings = ({ modules }) => new Set(modules.map(({ standing }) => standing));

test('what people read from the first look to modules that count', (t) => {
  const project = new Project(t, { files: SHOP });
  const normalise = makeNormaliser(project.scratch);
  const lines = [];
  const run = (...args) => {
    const { stdout, stderr, code } = project.run(args);
    lines.push(`$ remit ${args.join(' ')}`, ...(stdout + stderr).trimEnd().split('\n').map((line) => `    ${line}`.trimEnd()), ...(code ? [`    (exit ${code})`] : []), '');
  };
  run('intake');
  run('bootstrap');
  run('intake');
  run('intake', '--thread-key', 'ann');
  run('init-agent', '--thread-key', 'ann');
  run('intake', '--thread-key', 'ann', '--seed-tasks');
  run('modules');
  run('show', 'shop-cart');
  run('next-action', '--limit', '2');
  run('claim', '--module', 'web');
  run('confirm-module', 'web', '--all');
  run('confirm-module', 'shop-cart', '--all');
  run('modules');
  run('intake', '--seed-tasks');
  run('events');
  const status = fs.readFileSync(project.plan('STATUS.md'), 'utf8');
  lines.push('STATUS.md', ...status.split('\n').filter((line) => line.startsWith('| ')).map((line) => `    ${line}`), '');
  assertSnapshot('intake.txt', normalise(lines.join('\n')));
});

test('on this very project it finds the packages and what they need', (t) => {
  const project = new Project(t, { repository: false });
  for (const name of OWN_SOURCES) {
    fs.cpSync(path.join(ROOT, name), project.at(name), { recursive: true, filter: (from) => !/node_modules/.test(from) });
  }
  makeRepo(project.root, {});
  project.done(['bootstrap']);
  const found = project.done(['intake']);
  const by = new Map(found.modules.map((module) => [module.candidate_owned_paths.join(), module]));
  const manifests = fs.readdirSync(path.join(ROOT, 'sidecar')).filter((name) => fs.existsSync(path.join(ROOT, 'sidecar', name, 'Cargo.toml')));
  assert.ok(manifests.length >= 6);
  for (const crate of manifests) {
    const text = fs.readFileSync(path.join(ROOT, 'sidecar', crate, 'Cargo.toml'), 'utf8');
    const needs = new Set([...text.matchAll(/^remit-([a-z]+)(?:\.workspace| = \{ workspace)/gm)].map(([, name]) => `sidecar/${name}`));
    const needed = by.get(`sidecar/${crate}`).candidate_depends_on.map((id) => found.modules.find((one) => one.id === id).candidate_owned_paths.join());
    assert.deepEqual(new Set(needed), needs, crate);
  }
  assert.ok(by.has('docs') && by.has('scripts'));

  const before = project.json(['modules']).revision;
  assert.deepEqual(standings(project.done(['intake', '--seed-tasks'])), new Set(['added']));
  const seeded = modulesOf(project);
  assert.equal(seeded.size, found.modules.length);
  assert.deepEqual(standings(project.done(['intake', '--seed-tasks'])), new Set(['known']));
  assert.deepEqual(modulesOf(project), seeded);
  assert.equal(project.json(['modules']).revision, before + 2, 'each intake is one transaction');

  // In what order they are confirmed decides which of a circle's directions is refused, by name.
  for (const [id, module] of seeded) {
    const { ok, error } = project.json(['confirm-module', id, '--all']);
    if (ok) continue;
    assert.equal(error.code, 'cycle', JSON.stringify(error));
    assert.ok(error.details.cycle.includes(id));
    const paths = module.candidate_owned_paths.flatMap((pattern) => ['--owned-path', pattern]);
    project.done(['confirm-module', id, ...paths]);
  }
  const confirmed = modulesOf(project);
  for (const [id, module] of seeded) assert.deepEqual(confirmed.get(id).owned_paths, module.candidate_owned_paths);
  const agent = project.agent('ann');
  const env = { REMIT_AGENT_ID: agent };
  const safe = ['preflight', '--confirm-workspace', '--confirm-branch', '--safety-profile', 'safe'];
  project.done(safe, { env });
  const startable = project.done(['next-claimable', '--limit', '100'], { env }).modules;
  for (const { module } of startable) project.done(['claim', '--module', module], { env });
  assert.ok(startable.length > 3, 'no two parts overlap, so that a team can start at once');
});

test('vendored crates are each a part of their own', (t) => {
  const registry = path.join(process.env.CARGO_HOME ?? path.join(os.homedir(), '.cargo'), 'registry', 'src');
  const [index] = fs.existsSync(registry) ? fs.readdirSync(registry) : [];
  if (!index) return t.skip('there is no registry of crates on this machine');
  const project = new Project(t, { repository: false });
  const crates = fs.readdirSync(path.join(registry, index)).sort().slice(0, VENDORED);
  for (const crate of crates) fs.cpSync(path.join(registry, index, crate), project.at('vendored', crate), { recursive: true });
  git(project.root, 'init', '--quiet');
  project.done(['bootstrap']);
  const { modules, packages } = project.done(['intake', '--seed-tasks']);
  for (const crate of crates) {
    const manifest = `vendored/${crate}/Cargo.toml`;
    const own = packages.find((one) => one.manifest === manifest);
    const module = modules.find(({ id }) => id === own?.module);
    assert.ok(module, `${manifest} is found`);
    assert.ok(fs.readFileSync(project.at(manifest), 'utf8').includes(`name = "${own.name}"`), manifest);
    assert.ok(module.candidate_owned_paths.every((pattern) => `${pattern}/`.startsWith(`vendored/${crate}/`)), manifest);
    assert.ok(module.evidence.some((sign) => sign.path === manifest && sign.line > 0));
  }
  assert.equal(new Set(modules.map(({ id }) => id)).size, modules.length);
  for (const { candidate_owned_paths } of modules) {
    for (const pattern of candidate_owned_paths) assert.ok(fs.existsSync(project.at(pattern.replaceAll('\\', ''))), pattern);
  }
  assert.deepEqual(standings(project.done(['intake'])), new Set(['known']));
});

test('a linked worktree meets the same board, and looking away from git works, too', (t) => {
  const project = new Project(t, { files: SHOP });
  const linked = project.worktree('ben');
  project.done(['bootstrap']);
  const ids = ({ modules }) => modules.map(({ id }) => id);
  const inMain = project.done(['intake', '--seed-tasks']);
  const inLinked = project.done(['intake'], { cwd: linked });
  assert.deepEqual(ids(inLinked), ids(inMain));
  assert.deepEqual(standings(inLinked), new Set(['known']));

  const outside = new Project(t, { repository: false });
  for (const [name, text] of Object.entries(SHOP)) outside.write(name, text);
  outside.done(['bootstrap']);
  assert.deepEqual(ids(outside.done(['intake'])), ids(inMain));
});
