// The loop that agents run all day, by processes that know nothing but the command line: three workers, one of whom is killed,
// and a reviewer, until everything is done.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import test from 'node:test';
import { Project } from './harness.mjs';

const MODULES = 40;
const MEMBER = path.join(import.meta.dirname, 'team', 'member.mjs');

/** What only the one who is killed over it is good at: nobody else takes it by `claim-next` when its lease has run out. */
const LEFT_BEHIND = 'm11';
const specialty = (n) => (`m${n}` === LEFT_BEHIND ? 'attic' : null);

/** Layers of eight: each module needs two of the layer before. */
const needs = (n) => (n < 8 ? [] : [n - 8, ((n - 8 + 3) % 8) + Math.floor((n - 8) / 8) * 8]);
const plan = {
  modules: Array.from({ length: MODULES }, (_, n) => ({
    id: `m${n}`, depends_on: needs(n).map((one) => `m${one}`), owned_paths: [`src/m${n}`], priority: n % 5, specialty: specialty(n),
  })),
};

/** Resolves with how a member ended: { code, signal }. */
function join(project, name, { role = 'worker', goodAt = 'rooms', diesOver = '' } = {}) {
  const child = spawn(process.execPath, [MEMBER, role, name, goodAt, diesOver], {
    cwd: project.worktree(name), env: project.env({ REMIT: project.binary }), stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
}

test('three workers and a reviewer finish forty modules, though one of them is killed', { timeout: 300_000 }, async (t) => {
  const project = new Project(t);
  project.done(['bootstrap']);
  project.done(['import-plan', '-'], { input: JSON.stringify(plan) });
  project.done(['init-agent', '--thread-key', 'lead', '--role', 'coordinator']);

  const rest = [join(project, 'ann'), join(project, 'ben'), join(project, 'cleo', { role: 'reviewer' })];
  const killed = await join(project, 'dora', { goodAt: 'attic', diesOver: LEFT_BEHIND });
  assert.equal(killed.signal, 'SIGKILL');
  await leaseOut(project, LEFT_BEHIND);
  const bundle = ['handoff-bundle', '--module', LEFT_BEHIND, '--summary', 'Dora is gone', '--next-step', 'Look at what she left'];
  project.done(bundle);

  assert.deepEqual((await Promise.all(rest)).map(({ code }) => code), [0, 0, 0]);
  check(project);
});

async function leaseOut(project, id) {
  while (!project.done(['show', id]).module.lease.expired) await new Promise((resolve) => setTimeout(resolve, 50));
}

function check(project) {
  const { modules } = project.done(['modules']);
  assert.ok(modules.every(({ status }) => status === 'done'));
  const { agents } = project.done(['state']);
  const idOf = (name) => agents.find(({ thread_key }) => thread_key === name).id;
  const left = modules.find(({ id }) => id === LEFT_BEHIND);
  assert.ok([idOf('ann'), idOf('ben')].includes(left.owner), 'somebody took over what was left behind');
  assert.equal(project.done(['handoffs']).handoffs.find(({ module }) => module === LEFT_BEHIND).status, 'acknowledged');

  const { events } = project.done(['events', '--since', '0', '--limit', '100000']);
  assert.deepEqual(events.map(({ seq }) => seq), events.map((_, n) => n + 1), 'no event is missing');
  const takes = new Set(['claim', 'claim-next', 'claim-handoff']);
  for (const { id, depends_on: needed } of modules) {
    const own = events.filter(({ module }) => module === id);
    const [first] = own.filter(({ kind }) => kind === 'claim-next');
    for (const need of needed) {
      const approved = events.find(({ module, kind }) => module === need && kind === 'approve');
      assert.ok(approved.revision < first.revision, `${id} began after ${need} was done`);
    }
    const authors = new Set(own.filter(({ kind }) => takes.has(kind)).map(({ agent_id: agent }) => agent));
    const reviewers = own.filter(({ kind }) => kind === 'approve' || kind === 'request-changes').map(({ agent_id: agent }) => agent);
    assert.ok(reviewers.length > 0 && reviewers.every((agent) => agent === idOf('cleo') && !authors.has(agent)));
    const sentBack = own.filter(({ kind }) => kind === 'request-changes').length;
    assert.equal(sentBack, Number(id.slice(1)) % 7 === 0 ? 1 : 0, id);
  }
}
