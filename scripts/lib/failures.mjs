// Which tests failed, and the first thing that each said of it: [{ name, why? }], from the same outputs that counts.mjs counts.
import { withoutColour } from './steps.mjs';

/** cargo nextest: `FAIL [   0.013s] (1/5) remit-store::it contract::a_name`, told again at the end of its output. */
export function nextest(output) {
  const lines = withoutColour(output).matchAll(/^\s*(?:FAIL|TIMEOUT|SIG\w+|ABORT) \[[^\]]*\] +(?:\( *\d+\/\d+\) +)?(.+)$/gm);
  return [...new Set([...lines].map(([, name]) => name.trim()))].map((name) => ({ name }));
}

/** cargo test: `test a_name ... FAILED`. */
export function libtest(output) {
  return [...withoutColour(output).matchAll(/^test (.+?) \.\.\. FAILED$/gm)].map(([, name]) => ({ name }));
}

/** node --test with the TAP reporter: `not ok 3 - a name`, then what is known of it, one of it `error: 'why'`. */
export function tap(output) {
  return output.split(/^(?=\s*(?:not )?ok \d+ - )/m).flatMap((told) => {
    const name = told.match(/^\s*not ok \d+ - (.+)$/m)?.[1];
    return name ? [{ name, why: tapError(told) }] : [];
  });
}

function tapError(told) {
  const [, onItsLine, below] = told.match(/^ +error: (?:'(.+)'|\|-\n\s*(.+))$/m) ?? [];
  return onItsLine ?? below;
}

/** The results that the tests inside the extension host leave. */
export function mocha(json) {
  return JSON.parse(json).tests.filter(({ error }) => error).map(({ title, error }) => ({ name: title, why: error.split('\n')[0] }));
}
