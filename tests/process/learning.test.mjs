// How shells and agents learn what there is: completions that know the board, and the skill.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { Project } from './harness.mjs';
import { assertDocument } from './snapshot.mjs';

/** What a shell would offer for the last of `words`, one a line. */
function offered(project, ...words) {
  const env = { REMIT_COMPLETE: 'bash', _CLAP_COMPLETE_INDEX: String(words.length - 1), _CLAP_IFS: '\n' };
  const { code, stdout, stderr } = project.run(['--', ...words], { env });
  assert.equal(code, 0, stderr);
  return stdout.split('\n').filter(Boolean);
}

test('a shell completes commands, flags, and the ids on the board', (t) => {
  const project = new Project(t);
  project.done(['bootstrap']);
  project.done(['add-module', 'parser', '--title', 'The parser']);
  project.done(['add-module', 'docs']);
  const { agent_id: agent } = project.done(['init-agent', '--thread-key', 'alice']);

  assert.deepEqual(offered(project, 'remit', 'claim-p'), ['claim-paths']);
  assert.ok(offered(project, 'remit', 'claim', '--').includes('--module'));
  assert.deepEqual(offered(project, 'remit', 'claim', '--module', '').sort(), ['docs', 'parser']);
  assert.deepEqual(offered(project, 'remit', 'show', 'pa'), ['parser']);
  assert.deepEqual(offered(project, 'remit', 'claim', '--agent-id', 'agent-'), [agent]);
  assert.deepEqual(offered(project, 'remit', 'handoff-bundle', '--to', 'agent:'), [`agent:${agent}`]);
  assert.deepEqual(offered(project, 'remit', 'add-module', 'pa'), [], 'a new module has a new id');
});

test('where there is no board a shell still completes what it can', (t) => {
  const project = new Project(t);
  assert.deepEqual(offered(project, 'remit', 'show', 'x'), []);
  assert.deepEqual(offered(project, 'remit', 'claim-n'), ['claim-next']);
  assert.equal(fs.existsSync(project.at('project-plan')), false);
});

test('the completion script is one that bash reads', (t) => {
  const project = new Project(t);
  const { stdout } = project.run(['completions', 'bash']);
  const { status, stderr } = spawnSync('bash', ['-c', `${stdout}\ncomplete -p remit`], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.equal(project.run(['completions', 'tcsh']).code, 2);
});

test('the skill is printed, or installed where agents look for it', (t) => {
  const project = new Project(t);
  const { stdout } = project.run(['skill']);
  assert.match(stdout, /^---\nname: remit\n/);
  const { installed } = project.done(['skill', '--install', '.claude/skills']);
  assert.equal(fs.readFileSync(project.at(installed), 'utf8').trim(), stdout.trim());
  assert.equal(installed, '.claude/skills/remit/SKILL.md');
});

test('the reference of all commands is what the command line says of itself', (t) => {
  const { stdout } = new Project(t).run(['reference']);
  assertDocument('docs/COMMANDS.md', stdout);
});

test('the page on troubles knows every error code, and no other', (t) => {
  const { definitions } = JSON.parse(new Project(t).run(['schema']).stdout);
  const codes = definitions.replies.Code.oneOf.flatMap((one) => one.enum ?? [one.const]);
  const page = fs.readFileSync(path.resolve(import.meta.dirname, '../../docs/TROUBLESHOOTING.md'), 'utf8');
  const told = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code);
  assert.ok(codes.length > 20);
  assert.deepEqual(told.sort(), codes.sort());
});
