// Leaving takes away what was put outside of the board; the board itself only when that is asked for.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { Project } from './harness.mjs';

test('hooks, the user’s binary and the MCP entry go, and the board stays until it is asked for', (t) => {
  const project = new Project(t).board();
  project.agent('alice');
  project.done(['claim', '--module', 'core']);
  const binary = path.join(project.home, '.local', 'share', 'remit', 'bin', 'remit');
  fs.mkdirSync(path.dirname(binary), { recursive: true });
  fs.writeFileSync(binary, '');
  fs.writeFileSync(project.plan('mcp-host-config.json'), '{}');
  project.done(['guard', 'install']);

  const first = project.done(['uninstall']);
  assert.equal(first.removed.length, 3);
  assert.deepEqual(first.kept, [project.plan()]);
  assert.ok(!fs.existsSync(binary) && !fs.existsSync(project.plan('mcp-host-config.json')));
  assert.ok(!fs.existsSync(project.at('.git', 'hooks', 'pre-commit')));
  assert.equal(project.done(['modules']).modules.length, 3);

  assert.deepEqual(project.done(['uninstall', '--board']).removed, [project.plan(), project.at('.git', 'remit')]);
  assert.ok(!fs.existsSync(project.plan()) && !fs.existsSync(project.at('.git', 'remit')));
  assert.equal(project.git('status', '--porcelain'), '');
  assert.equal(project.run(['uninstall', '--board']).stdout, 'There was nothing to take away.\n');
});

test('nothing of Remit is left, in any worktree or in the home', (t) => {
  const project = new Project(t).board();
  const ben = project.worktree('ben');
  project.agent('alice');
  project.done(['claim', '--module', 'core']);
  project.done(['init-agent', '--thread-key', 'ben'], { cwd: ben });
  project.done(['claim', '--module', 'docs'], { cwd: ben });
  project.done(['skill', '--install', '.claude/skills']);
  project.done(['skill', '--install', path.join(project.home, '.claude', 'skills')]);
  const ours = path.join(project.home, '.local', 'share', 'remit', 'bin', 'remit');
  fs.mkdirSync(path.dirname(ours), { recursive: true });
  fs.writeFileSync(ours, '');
  project.write('.claude/skills/other/SKILL.md', '---\nname: other\n');
  project.done(['guard', 'install']);
  assert.ok(named(project).length > 5);

  project.done(['uninstall', '--board'], { cwd: ben });
  assert.deepEqual(named(project), ['repo/.claude/skills/remit/SKILL.md'], 'around the current folder, and in the home');
  project.done(['uninstall', '--board']);
  assert.deepEqual(named(project), []);
  assert.equal(project.read('.claude/skills/other/SKILL.md'), '---\nname: other\n');
});

/** Every file that Remit made or wrote to. */
function named(project) {
  const files = fs.readdirSync(project.scratch, { recursive: true }).filter((name) => fs.statSync(path.join(project.scratch, name)).isFile());
  const ours = (name) => /remit|project-plan/.test(name) || (/hooks\//.test(name) && /remit/.test(fs.readFileSync(path.join(project.scratch, name), 'utf8')));
  return files.filter(ours).sort();
}

test('a skill that is not ours stays', (t) => {
  const project = new Project(t);
  project.write('.claude/skills/remit/SKILL.md', '---\nname: mine\n');
  project.done(['uninstall']);
  assert.equal(project.read('.claude/skills/remit/SKILL.md'), '---\nname: mine\n');
});
