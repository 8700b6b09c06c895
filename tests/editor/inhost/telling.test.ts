// What is told to whom, by which pop-up, and what is proposed next: decided from what the sidecar says, without one.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { nextStep } from '../../../extension/src/commands/nextStep';
import { popupOf } from '../../../extension/src/popups';
import { agentsView } from '../../../extension/src/views/agentsView';
import { conflictsView } from '../../../extension/src/views/conflictsView';
import { Filter } from '../../../extension/src/views/filter';
import { agoText, clockText } from '../../../extension/src/words';
import type { Repository } from '../../../extension/src/repository';
import type { BoardModule, BoardNotification, BoardReply } from '../../../extension/src/wire';

const board = {
  me: { agent_id: 'agent-00000001' },
  agents: [{ id: 'agent-0000000a', name: 'ann' }],
} as unknown as BoardReply;

const notification = (fields: Partial<BoardNotification>): BoardNotification => ({
  seq: 1,
  at: new Date(0).toISOString(),
  revision: 1,
  kind: 'assigned',
  source: 'board',
  module: 'core',
  agent_id: 'agent-0000000a',
  target: 'agent:agent-00000001',
  priority: null,
  specialty: null,
  summary: 'ann asks you to take core',
  needs_me: true,
  actions: [],
  ...fields,
});

suite('what is worth a pop-up', () => {
  test('a handoff to me by name, and not one to anybody', () => {
    const popup = popupOf(board, notification({ kind: 'handoff-ready', needs_me: false }));
    assert.deepEqual([popup?.kind, popup?.text], ['handoff', 'Remit: ann hands core over to you.']);
    assert.deepEqual(popup?.buttons.map(({ command, module }) => [command, module]), [['remit.openHandoff', 'core'], ['remit.claimHandoff', 'core']]);
    assert.equal(popupOf(board, notification({ kind: 'handoff-ready', target: 'workers', needs_me: false })), undefined);
  });

  test('other calls by name are a kind of their own, which is off unless somebody wants it', () => {
    assert.deepEqual(popupOf(board, notification({}))?.kind, 'other');
    assert.equal(popupOf(board, notification({}))?.text, 'Remit: Ann asks you to take core.');
    assert.equal(popupOf(board, notification({ needs_me: false })), undefined);
    assert.equal(popupOf(board, notification({ kind: 'lease-lost' })), undefined, 'told by the sidecar');
  });
});

suite('what is proposed to somebody who was refused', () => {
  test('the command that fits, about the module that stands in the way', () => {
    const of = (code: Parameters<typeof nextStep>[0]['code'], details: unknown) => {
      const step = nextStep({ code, details } as Parameters<typeof nextStep>[0]);
      return step && [step.command, step.module];
    };
    assert.deepEqual(of('lease-held', { module: 'core' }), ['remit.requestHandoff', 'core']);
    assert.deepEqual(of('stale-lease', { module: 'core' }), ['remit.resume', 'core']);
    assert.deepEqual(of('scope-overlap', { module: 'mine', conflicts: [{ module: 'theirs' }] }), ['remit.requestHandoff', 'theirs']);
    assert.deepEqual(of('already-exists', { module: 'core' }), ['remit.editModule', 'core']);
    assert.deepEqual(of('not-confirmed', null), ['remit.preflight', undefined]);
    assert.equal(of('not-found', {}), undefined);
  });
});

suite('the filter of the Board view', () => {
  const module = { id: 'cart', title: 'Totals', status: 'in-progress', owner: 'agent-0000000a', owned_paths: ['src/shop'] } as unknown as BoardModule;

  test('lets through what contains all words, wherever they stand', () => {
    const filter = new Filter();
    const lets = (text: string) => (filter.set(text), filter.lets(board, module));
    assert.ok(['', 'CART', 'tot', 'ann progress', 'src/shop cart', '  '].every(lets));
    assert.ok(!lets('cart search'));
  });

  test('says when it is another one, and only then', () => {
    const filter = new Filter();
    let told = 0;
    filter.onDidChange(() => (told += 1));
    for (const text of ['a', 'a ', ' a', 'b', '']) filter.set(text);
    assert.equal(told, 3);
  });
});

suite('the Conflicts view', () => {
  const repository = { root: { path: '/r' }, ground: { uriOf: (path: string) => vscode.Uri.file(`/r/${path}`) } } as unknown as Repository;
  const changed_by = { worktree: '/r', session_id: null, agent_id: null };

  test('has a row for each place where lines collide, which opens there', () => {
    const other = { worktree: '/r-fix', branch: 'fix', session_id: null, agent_id: 'agent-0000000a' };
    const clash = { code: 'concurrent-edit', changed_by, path: 'src/a.rs', with: other, ranges: [{ start: 3, end: 5 }, { start: 9, end: 9 }], side: 'ann in worktree fix', compare_with: '/r-fix/src/a.rs' };
    const owned = { code: 'path-owned-by-other', changed_by, module: 'core', owner: 'agent-0000000a', path: 'src/b.rs', lease_expires_at: null };
    const rows = conflictsView.rows(repository, { ...board, conflicts: [clash, owned] } as unknown as BoardReply);
    assert.deepEqual(rows.map(({ label, description }) => [label, description]), [['ann in worktree fix', 'the same lines'], ['core', 'ann']]);
    const places = rows.flatMap((row) => row.children());
    assert.deepEqual(places.map(({ label }) => label), ['a.rs:3-5', 'a.rs:9', 'b.rs']);
    const [, options] = places[0]?.command?.arguments as [unknown, { selection: vscode.Range }];
    assert.equal(options.selection.start.line, 2);
    assert.equal(new Set(places.map(({ id }) => id)).size, places.length);
    assert.deepEqual(places.map(({ contextValue }) => contextValue?.includes('<compare>')), [true, true, false]);
  });
});

suite('times in words', () => {
  test('how long ago something was', () => {
    const at = new Date(0).toISOString();
    assert.deepEqual([agoText(at, 1000), agoText(at, 5 * 60_000)], ['just now', '5 min ago']);
  });

  test('a moment is told by its time alone today, by its day this year, else by its year, too', () => {
    const now = new Date(2026, 5, 15, 12, 0);
    const told = [new Date(2026, 5, 15, 9, 5), new Date(2026, 5, 16, 9, 5), new Date(2027, 0, 2, 9, 5)].map((moment) => clockText(moment.toISOString(), now));
    assert.deepEqual(told.map((text) => [text.includes('05'), text.includes('16'), text.includes('2027')]), [[true, false, false], [true, true, false], [true, false, true]]);
  });
});

suite('the Agents view', () => {
  test('calls a window by its folder, and a terminal as its user did', () => {
    const repository = { root: { path: '/r' } } as unknown as Repository;
    const ann = { id: 'agent-0000000a', name: 'ann', live: true, role: 'worker', specialties: [], holds: [] };
    const session = (kind: string, window_id: string) => ({ id: window_id, agent: ann.id, kind, window_id, worktree: '/w/shop', branch: 'main', live: true });
    const sessions = [session('window', 'host:/w/shop'), session('window', 'host:/w/shop#1'), session('terminal', 'build')];
    const [row] = agentsView.rows(repository, { ...board, agents: [ann], modules: [], sessions } as unknown as BoardReply);
    assert.deepEqual(row?.children().map(({ label }) => label), ['shop', 'shop#1', 'build']);
  });
});
