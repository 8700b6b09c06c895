import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { replaceFile } from '../../scripts/lib/files.mjs';
import { scratchFolder } from '../editor/rig/repo.mjs';

function scratch(t) {
  const folder = scratchFolder();
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return (...parts) => path.join(folder, ...parts);
}

test('a file is placed, executable, in folders that are not there yet', (t) => {
  const at = scratch(t);
  fs.writeFileSync(at('built'), 'one');
  assert.equal(replaceFile(at('built'), at('a', 'b', 'placed')), true);
  assert.equal(fs.readFileSync(at('a', 'b', 'placed'), 'utf8'), 'one');
  assert.equal(fs.statSync(at('a', 'b', 'placed')).mode & 0o111, process.platform === 'win32' ? 0 : 0o111);
});

test('an equal file is left alone', (t) => {
  const at = scratch(t);
  fs.writeFileSync(at('built'), 'one');
  replaceFile(at('built'), at('placed'));
  const before = fs.statSync(at('placed'));
  assert.equal(replaceFile(at('built'), at('placed')), false);
  assert.equal(fs.statSync(at('placed')).ino, before.ino);
});

test('a running program is replaced without being disturbed', async (t) => {
  const at = scratch(t);
  const program = at(path.basename(process.execPath));
  replaceFile(process.execPath, program);
  const child = spawn(program, ['-e', 'process.stdin.once("data", () => { console.log("still here"); process.exit(); }); console.log("up")']);
  const said = [];
  child.stdout.on('data', (text) => said.push(String(text)));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  fs.writeFileSync(at('newer'), 'newer');
  assert.equal(replaceFile(at('newer'), program), true);
  child.stdin.write('x');
  await new Promise((resolve) => child.once('close', resolve));
  assert.match(said.join(''), /still here/);
  assert.equal(fs.readFileSync(program, 'utf8'), 'newer');
  assert.deepEqual(fs.readdirSync(path.dirname(program)).filter((name) => name.includes('.new-')), []);
});
