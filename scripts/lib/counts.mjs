// Every test runner counts in its own words. A runner that failed without having counted a failure (it did not compile, it
// crashed, it was killed) counts as one.
import { withoutColour } from './steps.mjs';

/** cargo nextest: `Summary [ 0.013s] 5 tests run: 4 passed (1 slow), 1 failed, 1 timed out, 2 skipped`. */
export function nextest(output) {
  const summary = withoutColour(output).match(/^\s*Summary \[.*?\] +(?:\d+\/)?\d+ tests? run: (.*)$/m);
  if (!summary) return null;
  const number = (word) => Number(summary[1].match(new RegExp(`(\\d+) ${word}`))?.[1] ?? 0);
  return { passed: number('passed'), failed: number('failed') + number('timed out') + number('exec failed') };
}

/** cargo test: one `test result: ok. 5 passed; 0 failed; …` a binary. */
export function libtest(output) {
  const results = [...withoutColour(output).matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed;/gm)];
  return results.length === 0 ? null : sum(results.map(([, passed, failed]) => ({ passed: +passed, failed: +failed })));
}

/** node --test with the TAP reporter: `# pass 5`, `# fail 1`, `# cancelled 0`. */
export function tap(output) {
  const number = (word) => output.match(new RegExp(`^# ${word} (\\d+)$`, 'm'))?.[1];
  if (number('pass') === undefined) return null;
  return { passed: Number(number('pass')), failed: Number(number('fail')) + Number(number('cancelled')) };
}

/** The results that the tests inside the extension host leave. */
export function mocha(json) {
  const { finished, tests } = JSON.parse(json);
  const failed = tests.filter((test) => test.error).length;
  return { passed: tests.length - failed, failed: finished ? failed : failed + 1 };
}

/** A check that passes or fails as a whole. */
export const whole = (code) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 });

/** What a runner counted, made to agree with how it ended. */
export function agreed(counted, code) {
  if (!counted) return { passed: 0, failed: 1 };
  return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
}

export const sum = (counts) =>
  counts.reduce((all, { passed, failed }) => ({ passed: all.passed + passed, failed: all.failed + failed }), { passed: 0, failed: 0 });
