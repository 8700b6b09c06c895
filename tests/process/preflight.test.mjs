// One confirmation of where somebody works, and how the team shares the board.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { git } from '../editor/rig/repo.mjs';
import { Project } from './harness.mjs';

const CONFIRM = ['preflight', '--confirm-workspace', '--confirm-branch'];
const preflightJson = (project) => JSON.parse(project.read('project-plan', 'preflight.json'));

test('a confirmation is reused until the branch of this worktree is another one', (t) => {
  const project = new Project(t).board();
  const ben = project.worktree('ben');
  project.agent('alice');
  const loop = (...args) => [...args, '--while-session'];
  assert.match(project.refused('not-confirmed', loop('claim', '--module', 'core')).hint, /preflight --confirm-workspace/);
  project.done(CONFIRM);
  project.done(loop('claim', '--module', 'core'));
  project.done(loop('summary'));

  const elsewhere = { cwd: ben };
  project.done(['init-agent', '--thread-key', 'ben'], elsewhere);
  project.refused('not-confirmed', loop('claim', '--module', 'docs'), elsewhere);
  project.done(CONFIRM, elsewhere);
  project.done(loop('claim', '--module', 'docs'), elsewhere);

  project.git('checkout', '--quiet', '-b', 'other');
  for (const command of [['release', '--module', 'core'], ['heartbeat', '--module', 'core'], ['add-module', 'x'], ['summary']]) {
    assert.match(project.refused('not-confirmed', loop(...command)).message, /branch other; \w+ was confirmed/);
  }
  project.done(['heartbeat', '--module', 'core']);
  project.done(loop('release', '--module', 'docs'), elsewhere);
});

test('a detached head is confirmed as one', (t) => {
  const project = new Project(t).board();
  project.git('checkout', '--quiet', '--detach');
  assert.equal(project.done(CONFIRM).branch, 'detached');
  project.agent('alice');
  project.done(['claim', '--module', 'core', '--while-session']);
  project.git('checkout', '--quiet', '-b', 'named');
  project.refused('not-confirmed', ['release', '--module', 'core', '--while-session']);
});

test('every worktree stands in preflight.json, and mode and profile in what people read', (t) => {
  const project = new Project(t).board();
  const ben = project.worktree('ben');
  assert.deepEqual(preflightJson(project).worktrees, []);
  const team = ['--optimize-for', 'efficiency', '--agent-count', '6', '--machine-count', '2', '--window-count', '4', '--cross-machine'];
  const reply = project.done([...CONFIRM, '--session-kind', 'while-loop', '--mode', 'auto', ...team, '--safety-profile', 'safe']);
  assert.deepEqual([reply.mode, reply.mode_choice, reply.safety_profile], ['centralized-dispatch', 'auto', 'safe']);
  git(ben, 'checkout', '--quiet', '--detach');
  project.done([...CONFIRM, '--session-kind', 'single'], { cwd: ben });

  const shown = preflightJson(project);
  assert.equal(shown.mode, 'centralized-dispatch');
  assert.equal(shown.safety.profile, 'safe');
  assert.equal(shown.safety.effects.length, 2);
  const rows = shown.worktrees.map(({ worktree, branch, session_kind, topology }) => [worktree, branch, session_kind, topology.agent_count]);
  const here = fs.realpathSync(project.root);
  assert.deepEqual(rows.sort(), [[fs.realpathSync(ben), 'detached', 'single', 6], [here, 'main', 'while-loop', 6]].sort());
  assert.match(project.read('project-plan', 'STATUS.md'), /Mode: \*\*centralized-dispatch\*\*\. Safety: \*\*safe\*\*\. A claim is refused/);
  const state = JSON.parse(project.read('project-plan', 'state.json'));
  assert.equal(state.safety.profile, 'safe');
  assert.equal(state.preflight.mode, 'centralized-dispatch');
  assert.deepEqual(project.done(['state']).preflight, state.preflight);
});

test('the advice alone needs no board, and writes none', (t) => {
  const project = new Project(t);
  const advice = project.done(['mode-advisor', '--optimize-for', 'token', '--agent-count', '2', '--window-count', '2']);
  assert.equal(advice.mode, 'shared-board');
  assert.ok(advice.reasons.length >= 2 && advice.meaning.length > 20);
  assert.ok(!fs.existsSync(project.plan()));
  assert.equal(project.run(['mode-advisor', '--agent-count', '0']).code, 2);

  project.board();
  project.done([...CONFIRM, '--cross-machine']);
  assert.equal(project.done(['mode-advisor']).mode, 'centralized-dispatch');
  assert.equal(project.done(['mode-advisor', '--cross-machine', '--shared-storage', 'true']).mode, 'shared-board');
});

test('what is not confirmed changes nothing', (t) => {
  const project = new Project(t).board();
  const before = project.json(['summary']).revision;
  for (const half of [[], ['--confirm-workspace'], ['--confirm-branch', '--safety-profile', 'safe']]) {
    project.refused('not-confirmed', ['preflight', ...half]);
  }
  const after = project.json(['state']);
  assert.deepEqual([after.revision, after.result.safety.profile, after.result.preflight], [before, 'balanced', null]);
});
