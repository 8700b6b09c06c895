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
