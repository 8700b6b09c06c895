// Runs stages late into failure: all of them, then what each came to, which tests failed, and one last line that counts. Where
// only the end of an output is kept, it still says what failed.
import { sum } from './counts.mjs';
import { Failure } from './process.mjs';
import { logOf, runStage, STAGES } from './stages.mjs';
import { seconds } from './steps.mjs';

// Run from an agent's terminal or a git hook, the tests would otherwise act as that agent, on that repository.
const AMBIENT = /^(REMIT_(AGENT_ID|SESSION_ID|SESSION_EPOCH|LEASE_TOKEN|PROJECT_ROOT)|GIT_(DIR|WORK_TREE|INDEX_FILE|PREFIX|AUTHOR_\w+|COMMITTER_\w+))$/;

// Of each stage; its log has them all.
const NAMED = 10;

/** Runs the stages of these names (none: all) and answers the exit code. */
export async function runAndReport(names) {
  for (const name of Object.keys(process.env).filter((key) => AMBIENT.test(key))) delete process.env[name];
  const results = [];
  for (const stage of chosen(names)) results.push(await runStage(stage));
  console.log('');
  for (const result of results) console.log(describe(result));
  const { passed, failed } = sum(results);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function chosen(names) {
  const unknown = names.find((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown) throw new Failure(`there is no stage ${unknown}; there are ${STAGES.map(({ name }) => name).join(', ')}`);
  return names.length === 0 ? STAGES : STAGES.filter(({ name }) => names.includes(name));
}

function describe({ name, passed, failed, ms, failures = [], why }) {
  const verdict = failed === 0 ? 'ok  ' : 'FAIL';
  const where = failed === 0 ? '' : `  ${why ?? logOf(name)}`;
  return `${verdict}  ${name.padEnd(8)} ${String(passed).padStart(4)} passed  ${String(failed).padStart(3)} failed  ${seconds(ms).padStart(8)}${where}${failures.slice(0, NAMED).map(named).join('')}`;
}

function named({ name, why }) {
  return `\n      ✖ ${name}${why ? `: ${why}` : ''}`;
}
