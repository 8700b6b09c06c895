import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { faultsOf, layOut, listed } from '../../scripts/lib/contents.mjs';
import { bundle, packExtension, releasedVsix } from '../../scripts/lib/extension.mjs';
import { inRoot } from '../../scripts/lib/paths.mjs';
import { standalone } from '../../scripts/lib/readme.mjs';
import { ownTarget, programOf, TARGETS, toolchainFor } from '../../scripts/lib/targets.mjs';
import { scratchFolder, writeFiles } from '../editor/rig/repo.mjs';

const manifest = () => JSON.parse(fs.readFileSync(inRoot('package.json'), 'utf8'));

function scratch(t) {
  const folder = scratchFolder();
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const LEAVINGS = {
  '.env': 'SECRET=1',
  'notes.md': 'mine',
  'project-plan/coordination.db': 'a board',
  'dist/remit-0.0.1-linux-x64.vsix': 'an older one',
  'target/release/remit': 'a program',
  'screenshots/one.png': 'a picture',
  'extension/bin/remit.old-1-2': 'a retired program',
  'extension/out/main.js.map': '{}',
  'extension/media/.DS_Store': 'a system’s',
  'node_modules/left/index.js': '',
};

test('of a worktree full of other things, `vsce ls` lists what belongs in the package, and nothing else', async (t) => {
  const folder = scratch(t);
  const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: inRoot(), encoding: 'utf8' }).split('\0').filter(Boolean);
  for (const file of tracked.filter((name) => fs.existsSync(inRoot(name)))) fs.cpSync(inRoot(file), path.join(folder, file));
  const built = { 'extension/out/main.js': '', 'extension/out/client.js': '', 'extension/out/graph.js': '', 'extension/out/graph.css': '', 'extension/bin/remit': '' };
  writeFiles(folder, { ...LEAVINGS, ...built });
  assert.deepEqual(faultsOf(await listed(folder)), []);
});

test('a package is made of its sidecar, its bundles and its pages, for the platform that its name says', async (t) => {
  const folder = scratch(t);
  const binary = path.join(folder, 'built');
  fs.writeFileSync(binary, 'a sidecar');
  const vsix = await packExtension(binary, path.join(folder, 'remit.vsix'), 'win32-arm64');
  const text = fs.readFileSync(vsix, 'latin1');
  for (const file of ['extension/extension/bin/remit.exe', 'extension/readme.md', 'extension/changelog.md', 'extension/LICENSE.txt']) {
    assert.ok(text.includes(file), file);
  }
  assert.ok(!text.includes('extension/extension/bin/remit\u0000') && !text.includes('.map'));
  const before = fs.statSync(vsix).mtimeMs;
  await packExtension(binary, vsix, 'win32-arm64');
  assert.equal(fs.statSync(vsix).mtimeMs, before, 'the same contents are not packed again');
  assert.deepEqual(fs.readdirSync(folder).sort(), ['built', 'remit.vsix', 'remit.vsix.contents']);
});

test('the sidecar of a package can be started', async (t) => {
  const stage = path.join(scratch(t), 'stage');
  await bundle();
  await layOut(stage, process.execPath, programOf(ownTarget()));
  const { stdout } = spawnSync(path.join(stage, 'extension', 'bin', programOf(ownTarget())), ['-p', '6 * 7'], { encoding: 'utf8' });
  assert.equal(stdout.trim(), '42');
});

test('what does not belong, and what is missing, is named', () => {
  const good = [
    ...['package.json', 'package.nls.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'extension/bin/remit', 'extension/out/main.js'],
    ...['extension/out/client.js', 'extension/out/graph.js', 'extension/out/graph.css', 'extension/media/icon.png', 'extension/media/remit.svg', 'extension/media/plan.schema.json'],
  ];
  assert.deepEqual(faultsOf(good), []);
  assert.deepEqual(faultsOf([...good, 'extension/src/main.ts']), ['extension/src/main.ts does not belong in the package']);
  assert.deepEqual(faultsOf(good.filter((file) => file !== 'LICENSE')), ['LICENSE is missing in the package']);
  assert.deepEqual(faultsOf([...good, 'extension/bin/remit.exe']), ['the package has 2 sidecars instead of one']);
});

test('the packed README needs no repository: its pictures are in it, its links lead somewhere', () => {
  const text = standalone(fs.readFileSync(inRoot('README.md'), 'utf8'), inRoot());
  const prose = text.split(/^```[\s\S]*?^```$/m).join('');
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
  assert.deepEqual(targets.filter((target) => !/^(https:|#|data:image\/png;base64,)/.test(target)), []);
  assert.doesNotMatch(prose, /<(picture|img|source)/);
  for (const name of ['collision', 'board', 'graph']) {
    const picture = fs.readFileSync(inRoot('docs', 'pictures', `${name}-light.png`)).toString('base64');
    assert.ok(text.includes(`(data:image/png;base64,${picture})`), name);
  }
});

test('a link keeps its words, code keeps everything', () => {
  assert.equal(standalone('See [`a/b`](a/b.md), [c](https://c.example).\n', '/'), 'See `a/b`, [c](https://c.example).\n');
  const code = '```sh\necho [a](b)\n```';
  assert.equal(standalone(code, '/'), code);
});

test('the manifest, the sidecar and the changelog agree on the version; a package is named by it', () => {
  const { version } = manifest();
  assert.equal(/^\[workspace\.package\][^[]*^version = "([^"]+)"/ms.exec(fs.readFileSync(inRoot('Cargo.toml'), 'utf8'))?.[1], version);
  assert.match(fs.readFileSync(inRoot('CHANGELOG.md'), 'utf8'), new RegExp(`^## ${version.replaceAll('.', '\\.')}$`, 'm'));
  assert.equal(path.basename(releasedVsix('alpine-arm64')), `remit-${version}-alpine-arm64.vsix`);
});

test('the icon is a picture of at least 128 by 128', () => {
  const png = fs.readFileSync(inRoot(manifest().icon));
  assert.equal(png.toString('latin1', 1, 4), 'PNG');
  assert.ok(png.readUInt32BE(16) >= 128 && png.readUInt32BE(16) === png.readUInt32BE(20));
});

const packageFor = (...args) => spawnSync(process.execPath, [inRoot('scripts', 'package.mjs'), ...args], { encoding: 'utf8' });

test('a platform that is built on another system is refused in a sentence, and nothing is built', () => {
  const elsewhere = process.platform === 'darwin' ? 'win32-x64' : 'darwin-arm64';
  const { status, stdout, stderr } = packageFor('--target', elsewhere);
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.match(stderr.trim(), new RegExp(`^the package for ${elsewhere} can not be built here: .* own tools; nothing was built$`));
});

test('a platform that there is none of is answered with those that there are', () => {
  const { status, stderr } = packageFor('--target=beos-ppc');
  assert.equal(status, 1);
  assert.equal(stderr.trim(), `there is no platform beos-ppc; there are ${Object.keys(TARGETS).join(', ')}`);
  assert.match(packageFor('beos').stderr, /^usage: npm run package/m);
});

test('what a cross build lacks is said, one thing after the other', { skip: process.platform !== 'linux' }, async (t) => {
  const folder = scratch(t);
  const target = ownTarget() === 'linux-arm64' ? 'linux-x64' : 'linux-arm64';
  const { triple, linker } = TARGETS[target];
  const tool = (name, text) => fs.writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const before = process.env.PATH;
  process.env.PATH = folder;
  t.after(() => (process.env.PATH = before));
  tool('rustc', `echo "${folder}/lib"`);
  await assert.rejects(toolchainFor(target), { message: new RegExp(`standard library for ${triple} is missing \\(rustup target add ${triple}\\); nothing was built$`) });
  writeFiles(folder, { 'lib/libstd-1.rlib': '' });
  await assert.rejects(toolchainFor(target), { message: new RegExp(`the linker ${linker} is not on PATH; nothing was built$`) });
  tool(linker, '');
  const { env } = await toolchainFor(target);
  assert.deepEqual(Object.values(env), [linker, linker]);
});
