import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { attempt, Failure, run } from '../../scripts/lib/process.mjs';

const node = (code) => [process.execPath, ['-e', code]];

test('the answer is standard output; both streams are seen line by line', async () => {
  const lines = [];
  const stdout = await run(...node('console.log("a"); console.error("b"); process.stdout.write("c")'), { onLine: (line) => lines.push(line) });
  assert.equal(stdout, 'a\nc');
  assert.deepEqual(lines.sort(), ['a', 'b', 'c']);
});

test('a failure names the command, its exit code and its last words, without those meant for programs', async () => {
  const failing = run(...node('console.log("{json}"); console.error("why"); process.exit(3)'), { forPeople: (line) => !line.startsWith('{') });
  await assert.rejects(failing, (error) => {
    assert.ok(error instanceof Failure);
    assert.match(error.message, new RegExp(`${path.basename(process.execPath)} -e .*failed \\(3\\)`, 's'));
    assert.match(error.message, /why$/);
    assert.doesNotMatch(error.message.split('\n').at(-2) ?? '', /^\{json\}/);
    return true;
  });
});

test('a program that is not installed is said with what to do', async () => {
  const saved = process.env.PATH;
  process.env.PATH = '';
  try {
    await assert.rejects(attempt('cargo', [], { env: { PATH: '' } }), /cargo was not found on PATH: install Rust from https:\/\/rustup\.rs/);
  } finally {
    process.env.PATH = saved;
  }
});

test('a program that was killed answers with its signal', async () => {
  const { code } = await attempt(...node('process.kill(process.pid, "SIGTERM")'));
  assert.equal(code, 'SIGTERM');
});
