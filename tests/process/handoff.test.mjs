// A bundle lets a stranger go on without asking: what was said, what git knows, and what is missing, said plainly.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { Project } from './harness.mjs';

const bundle = (project, module = 'core') => project.read('project-plan', 'handoffs', `${module}.handoff.md`);
const section = (text, title) => text.split(`\n## ${title}\n\n`)[1]?.split('\n## ')[0].trim();

function commit(project, message, cwd = project.root) {
  project.shell(`git add -A && git commit -q -m '${message}'`, { cwd });
}

test('what the module says of its end goes into the bundle, with what its author adds', (t) => {
  const project = new Project(t).board();
  const ann = project.agent('ann', '--window-id', 'a');
  project.agent('ben', '--window-id', 'b');
  project.done(['edit-module', 'core', '--description', 'Count every unit.', '--acceptance', 'two() is 2', '--acceptance', 'no panic', '--verify', 'cargo test -p core']);
  project.done(['claim', '--module', 'core', '--agent-id', ann]);
  const { handoff } = project.done(['handoff-bundle', '--module', 'core', '--agent-id', ann, '--summary', 'Half done.', '--next-step', 'Count twice', '--decision',
    'u32: no unit is negative', '--open-question', 'What of # overflow?', '--acceptance', 'no panic', '--acceptance', 'documented', '--verify', 'read docs/guide.md']);
  const lists = { acceptance: ['two() is 2', 'no panic', 'documented'], verify: ['cargo test -p core', 'read docs/guide.md'], decisions: ['u32: no unit is negative'], open_questions: ['What of # overflow?'] };
  const told = (handoff) => Object.fromEntries(Object.keys(lists).map((name) => [name, handoff[name]]));
  assert.deepEqual(told(handoff), lists);

  const text = bundle(project);
  assert.equal(section(text, 'Goal'), '> Count every unit.');
  assert.equal(section(text, 'Done when'), '- two() is 2\n- no panic\n- documented');
  assert.equal(section(text, 'Decisions'), '- u32: no unit is negative');
  assert.equal(section(text, 'Open questions'), '- What of \\# overflow?');
  assert.equal(section(text, 'How to verify'), '- `cargo test -p core`\n- `read docs/guide.md`');
  assert.match(section(text, 'Taking over'), /remit claim-handoff --module core\ngit switch main\nremit ack-handoff --module core\nremit heartbeat --module core\nremit finish --module core/);

  for (const query of [['handoffs'], ['handoffs', '--module', 'core'], ['state']]) assert.deepEqual(told(project.done(query).handoffs[0]), lists, query.join(' '));
  for (const name of ['handoff-index.json', 'state.json']) assert.deepEqual(told(JSON.parse(project.read('project-plan', name)).handoffs[0]), lists, name);
  assert.ok(text.endsWith(project.done(['handoffs', '--module', 'core']).bundle));
  assert.match(project.run(['handoffs', '--module', 'core']).stdout, /## Open questions\n\n- What of/);
  assert.deepEqual(project.done(['handoffs', '--module', 'web']), { handoffs: [] });
  project.refused('not-found', ['handoffs', '--module', 'none']);

  const shown = project.done(['show', 'core']).module;
  assert.deepEqual([shown.acceptance, shown.verify], [['two() is 2', 'no panic'], ['cargo test -p core']]);
  assert.match(project.run(['show', 'core']).stdout, /done when\n {2}- two\(\) is 2\n/);
  project.done(['edit-module', 'core', '--acceptance', '']);
  const { acceptance, verify, description } = project.done(['show', 'core']).module;
  assert.deepEqual([acceptance, verify, description], [undefined, ['cargo test -p core'], 'Count every unit.']);
});

test('where nothing was said, the bundle says so', (t) => {
  const project = new Project(t).board();
  project.agent('ann');
  project.done(['claim', '--module', 'core']);
  project.done(['handoff-bundle', '--module', 'core']);
  const text = bundle(project);
  const said = Object.fromEntries(['Goal', 'Done when', 'Where it stands', 'Next steps', 'Decisions', 'Open questions', 'How to verify', 'Changed files', 'Commits', 'Not committed yet'].map((title) => [title, section(text, title)]));
  assert.equal(said.Goal, 'The core. The module has no description.');
  for (const [title, body] of Object.entries(said)) assert.match(body, /^(No|None|Nothing|The core)\b/, title);
});

test('commits on the default branch itself are counted from the claim', (t) => {
  const project = new Project(t).board();
  project.agent('ann');
  project.write('src/core/lib.rs', 'before\n');
  commit(project, 'Before the claim');
  project.done(['claim', '--module', 'core']);
  project.write('src/core/lib.rs', 'one\ntwo\n');
  commit(project, 'After the claim');
  project.write('docs/guide.md', 'Not hers.\n');
  commit(project, 'Elsewhere');
  project.write('src/core/util.rs', 'loose\n');
  project.done(['claim', '--module', 'core']);
  project.done(['handoff-bundle', '--module', 'core']);
  const text = bundle(project);
  assert.match(section(text, 'Commits'), /^- `[0-9a-f]+` After the claim$/);
  assert.match(section(text, 'Changed files'), /- `src\/core\/lib\.rs` \(\+2 −1\)\n- `src\/core\/util\.rs` [^]*2 files in all since `[0-9a-f]{10}`, where it was claimed/);
  assert.match(section(text, 'Not committed yet'), /^- `src\/core\/util\.rs`\n- these lie in the worktree named above alone$/);
});

test('somebody else’s bundle tells of the worktree in which the work lies', async (t) => {
  const project = new Project(t).board();
  const hers = project.worktree('feature');
  const ann = project.done(['init-agent', '--thread-key', 'ann'], { cwd: hers }).agent_id;
  const ben = project.agent('ben');
  project.done(['claim', '--module', 'core', '--ttl-seconds', '1', '--agent-id', ann], { cwd: hers });
  fs.writeFileSync(path.join(hers, 'src/core/lib.rs'), 'hers\n');
  commit(project, 'On the feature', hers);
  fs.writeFileSync(path.join(hers, 'src/core/new.rs'), 'loose\n');
  const lease = project.done(['show', 'core']).module.lease;
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, Date.parse(lease.expires_at) - Date.now()) + 20));
  project.done(['handoff-bundle', '--module', 'core', '--agent-id', ben]);
  const text = bundle(project);
  assert.match(text, /Note: written by somebody else[^]*Owner: ann\n[^]*Branch: `feature`/);
  assert.ok(text.includes(`Worktree: \`${fs.realpathSync(hers)}\``), text);
  assert.match(section(text, 'Commits'), /On the feature/);
  assert.match(section(text, 'Not committed yet'), /src\/core\/new\.rs/);
});

test('a review is handed over with what it reviews, and how it ends', (t) => {
  const project = new Project(t).board();
  const work = project.worktree('feature');
  const as = (cwd, ...args) => project.done(args, { cwd });
  as(work, 'init-agent', '--thread-key', 'ann');
  const rae = project.agent('rae', '--role', 'reviewer', '--window-id', 'r');
  const sue = project.agent('sue', '--role', 'reviewer', '--window-id', 's');
  as(work, 'claim', '--module', 'core');
  fs.writeFileSync(path.join(work, 'src/core/lib.rs'), 'hers\n');
  commit(project, 'To be reviewed', work);
  as(work, 'submit', '--module', 'core');
  project.done(['start-review', '--module', 'core', '--agent-id', rae]);
  const { handoff } = project.done(['handoff-bundle', '--module', 'core', '--agent-id', rae, '--summary', 'Read half of it.', '--open-question', 'Is 2 right?']);
  assert.equal(handoff.to, 'reviewers');
  const text = bundle(project);
  assert.match(section(text, 'Commits'), /To be reviewed/);
  assert.match(text, /Status: in-review[^]*Owner: ann\n/);
  assert.match(section(text, 'Taking over'), /git switch feature[^]*remit approve --module core\nremit request-changes --module core/);
  assert.equal(project.done(['next-handoff', '--agent-id', sue]).handoff.open_questions[0], 'Is 2 right?');
  project.done(['claim-handoff', '--module', 'core', '--agent-id', sue]);
  project.done(['ack-handoff', '--module', 'core', '--agent-id', sue]);
  project.done(['approve', '--module', 'core', '--agent-id', sue]);
});

test('a plan brings acceptance and how to verify along', (t) => {
  const project = new Project(t);
  project.done(['bootstrap']);
  project.done(['import-plan', '-'], { input: JSON.stringify({ modules: [{ id: 'm', acceptance: ['it is there'], verify: ['look'] }] }) });
  const { acceptance, verify } = project.done(['show', 'm']).module;
  assert.deepEqual([acceptance, verify], [['it is there'], ['look']]);
});
