import assert from 'node:assert/strict';
import test from 'node:test';
import * as counts from '../../scripts/lib/counts.mjs';

const ESC = '\u001b';

const NEXTEST = [
  ['   Summary [   0.013s] 5 tests run: 5 passed, 0 skipped', 5, 0],
  ['     Summary [   1.2s] 1 test run: 1 passed, 0 skipped', 1, 0],
  ['     Summary [  61.0s] 9 tests run: 4 passed (1 slow, 2 leaky), 2 failed, 2 timed out, 1 exec failed, 3 skipped', 4, 5],
  ['     Summary [   2.0s] 3/7 tests run: 2 passed, 1 failed, 0 skipped', 2, 1],
  [`${ESC}[32;1m     Summary${ESC}[0m [   0.2s] ${ESC}[1m2${ESC}[0m tests run: ${ESC}[1m2${ESC}[0m ${ESC}[32;1mpassed${ESC}[0m, 0 skipped`, 2, 0],
];

for (const [line, passed, failed] of NEXTEST) {
  test(`nextest: ${line.replaceAll(ESC, '').trim()}`, () => {
    assert.deepEqual(counts.nextest(`warning: something\n${line}\nerror: test run failed`), { passed, failed });
  });
}

test('a test that prints a summary of its own is not the summary', () => {
  assert.equal(counts.nextest('Summary of the findings: 5 tests run: 5 passed'), null);
});

test('libtest: every binary counts', () => {
  const output = 'test result: ok. 5 passed; 0 failed; 0 ignored\n\ntest result: FAILED. 2 passed; 3 failed; 1 ignored\n';
  assert.deepEqual(counts.libtest(output), { passed: 7, failed: 3 });
});

test('tap: a cancelled test is a failed one, a skipped one is neither', () => {
  assert.deepEqual(counts.tap('ok 1 - a\n# tests 6\n# pass 3\n# fail 1\n# cancelled 1\n# skipped 1\n'), { passed: 3, failed: 2 });
});

test('mocha: a host that died before the end has failed', () => {
  const tests = [{ title: 'a', ms: 1 }, { title: 'b', ms: 1, error: 'no' }];
  assert.deepEqual(counts.mocha(JSON.stringify({ finished: true, tests })), { passed: 1, failed: 1 });
  assert.deepEqual(counts.mocha(JSON.stringify({ finished: false, tests })), { passed: 1, failed: 2 });
});

test('a runner that counted nothing, or counted no failure and failed, has failed once', () => {
  assert.deepEqual(counts.agreed(null, 101), { passed: 0, failed: 1 });
  assert.deepEqual(counts.agreed(null, 0), { passed: 0, failed: 1 });
  assert.deepEqual(counts.agreed({ passed: 4, failed: 0 }, 'SIGKILL'), { passed: 4, failed: 1 });
  assert.deepEqual(counts.agreed({ passed: 4, failed: 2 }, 100), { passed: 4, failed: 2 });
});
