import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { Project } from './harness.mjs';

const MODULES = 3000;

/** Files of this size are written by a process of their own, which may take its time. */
async function shown(project, revision) {
  const file = path.join(project.plan(), 'state.json');
  const deadline = Date.now() + 60_000;
  for (;;) {
    const state = JSON.parse(fs.readFileSync(file, 'utf8'));
    if (state.revision >= revision) return state;
    assert.ok(Date.now() < deadline, `state.json shows ${state.revision}, not ${revision}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('on a large board the files follow soon after the last of many commands, though nobody else comes', async (t) => {
  const project = new Project(t).board();
  const modules = Array.from({ length: MODULES }, (_, n) => ({
    id: `module-${n}`,
    title: `The part of the product that has the number ${n}`,
    description: 'What it is about, and when it is done. '.repeat(8),
    owned_paths: [`src/module-${n}/**`],
  }));
  const plan = path.join(project.scratch, 'plan.json');
  fs.writeFileSync(plan, JSON.stringify({ modules }));
  assert.equal(project.run(['import-plan', plan]).code, 0);
  assert.ok(fs.statSync(path.join(project.plan(), 'state.json')).size > 1 << 20, 'large enough for the test');
  project.agent('alice');
  const claims = [1, 2, 3].map((n) => project.json(['claim', '--module', `module-${n}`]));
  const state = await shown(project, claims.at(-1).revision);
  const owned = state.modules.filter((one) => one.owner !== null).map((one) => one.id);
  assert.deepEqual(owned.toSorted(), ['module-1', 'module-2', 'module-3']);
});
