import assert from 'node:assert/strict';
import test from 'node:test';
import * as failures from '../../scripts/lib/failures.mjs';

test('nextest: a test that fails is named once, though it is told twice', () => {
  const output = `
        PASS [   0.010s] (1/4) remit-store::it contract::kept
        FAIL [   0.013s] (2/4) remit-store::it contract::a_name
  stderr ───
     TIMEOUT [  60.0s] remit-lsp session::hangs
     SIGSEGV [   0.1s] (4/4) remit-git crashes
     Summary [   1.2s] 4 tests run: 1 passed, 2 failed, 1 timed out
        FAIL [   0.013s] (2/4) remit-store::it contract::a_name
`;
  assert.deepEqual(
    failures.nextest(output).map(({ name }) => name),
    ['remit-store::it contract::a_name', 'remit-lsp session::hangs', 'remit-git crashes'],
  );
});

test('libtest: those that failed', () => {
  assert.deepEqual(failures.libtest('test a::b ... ok\ntest a::c ... FAILED\n'), [{ name: 'a::c' }]);
});

test('tap: each with the first line of its error', () => {
  const output = [
    'TAP version 13',
    '# Subtest: one',
    'ok 1 - one',
    '  ---',
    "  error: 'of no failure'",
    '  ...',
    '# Subtest: two',
    'not ok 2 - two',
    '  ---',
    "  failureType: 'testCodeFailure'",
    '  error: |-',
    '    Expected values to be strictly equal:',
    '    1 !== 2',
    '  ...',
    'not ok 3 - three',
    '  ---',
    "  error: 'not within 60 s'",
    '  ...',
    '# fail 2',
  ].join('\n');
  assert.deepEqual(failures.tap(output), [
    { name: 'two', why: 'Expected values to be strictly equal:' },
    { name: 'three', why: 'not within 60 s' },
  ]);
});

test('mocha: each with the first line of its error', () => {
  const tests = [{ title: 'a', ms: 1 }, { title: 'b', ms: 1, error: 'Error: no\n    at somewhere' }];
  assert.deepEqual(failures.mocha(JSON.stringify({ finished: true, tests })), [{ name: 'b', why: 'Error: no' }]);
});
