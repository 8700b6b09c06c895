// One member of a team, as a process of its own, who knows nothing but the command line: it loops until all work is done.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const [role, name, specialty, diesOver] = process.argv.slice(2);
const LEASE_SECONDS = '3';

/** The envelope of `remit ARGS`. */
function remit(...args) {
  const { status, stdout, stderr } = spawnSync(process.env.REMIT, ['--json', ...args], { encoding: 'utf8' });
  if (status === null || status > 4) throw new Error(`remit ${args.join(' ')} ended with ${status}: ${stdout}${stderr}`);
  return JSON.parse(stdout);
}

/** What is expected to be refused now and then comes back as null; anything else that fails is a defect. */
function attempt(expected, ...args) {
  const { ok, result, error } = remit(...args);
  if (ok) return result;
  if (expected.includes(error.code)) return null;
  throw new Error(`${name}: remit ${args.join(' ')}: ${JSON.stringify(error)}`);
}

const must = (...args) => attempt([], ...args);

function work({ id, owned_paths: [folder] }) {
  fs.mkdirSync(folder, { recursive: true });
  fs.appendFileSync(path.join(folder, 'work.txt'), `${name}\n`);
  execFileSync('git', ['add', folder]);
  execFileSync('git', ['commit', '--quiet', '--message', `${id} by ${name}`]);
  must('heartbeat', '--module', id);
  must('submit', '--module', id);
}

/** What the worker goes on with: what was sent back to it, what somebody left, what is next. */
function nextWork(me) {
  const back = must('modules').modules.find(({ owner, status }) => owner === me && status === 'in-progress');
  if (back) return must('claim', '--module', back.id).module;
  for (const { module } of must('handoffs').handoffs.filter(({ status }) => status === 'offered')) {
    const taken = attempt(['wrong-status', 'not-found', 'lease-held'], 'claim-handoff', '--module', module);
    if (taken) {
      must('ack-handoff', '--module', module);
      return taken.module;
    }
  }
  return attempt(['nothing'], 'claim-next', '--specialty', specialty, '--ttl-seconds', LEASE_SECONDS)?.module;
}

function workOnce(me) {
  const module = nextWork(me);
  if (!module) return false;
  if (module.id === diesOver) process.kill(process.pid, 'SIGKILL');
  work(module);
  return true;
}

const sentBack = new Set();
function reviewOnce() {
  const review = attempt(['nothing'], 'claim-review-next');
  if (!review) return false;
  const { id } = review.module;
  if (Number(id.slice(1)) % 7 === 0 && !sentBack.has(id)) {
    sentBack.add(id);
    must('request-changes', '--module', id, '--reason', 'Once more', '--ttl-seconds', LEASE_SECONDS);
  } else {
    must('approve', '--module', id);
  }
  return true;
}

const { agent_id: me } = must('init-agent', '--thread-key', name, '--role', role);
const once = role === 'reviewer' ? reviewOnce : () => workOnce(me);
for (;;) {
  const { up_to: seen } = must('events', '--limit', '1');
  if (once()) continue;
  const { counts } = must('summary');
  if (Object.entries(counts).every(([status, n]) => status === 'done' || n === 0)) break;
  attempt(['nothing'], 'events', '--since', String(seen), '--watch-seconds', '3');
}
