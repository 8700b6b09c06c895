// A board that is told by what differs: what stays is the same object, and costs the views nothing.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Repository } from '../../../extension/src/repository';
import { boardOf, type BoardAnswer, type ToldBoard } from '../../../extension/src/sidecar/told';
import { boardView } from '../../../extension/src/views/boardView';
import { Filter } from '../../../extension/src/views/filter';
import type { Node } from '../../../extension/src/views/node';
import { Shown } from '../../../extension/src/views/shown';
import type { BoardModule } from '../../../extension/src/wire';

const repository = { root: vscode.Uri.file('/w/repo') } as unknown as Repository;
const module = (id: string, fields: Partial<BoardModule> = {}): BoardModule =>
  ({ id, title: id, description: '', status: 'todo', group: 'ready', owned_paths: [], candidate_owned_paths: [], depends_on: [], candidate_depends_on: [], actions: [], reasons: [], priority: 2, owner: null, reviewer: null, assigned_to: null, lease: null, created_at: '2026-01-02T03:04:05Z', ...fields }) as unknown as BoardModule;

const first = {
  mark: 'a-1',
  revision: 1,
  me: { agent_id: 'agent-0000000b' },
  agents: [{ id: 'agent-0000000a', name: 'ann' }],
  sessions: [],
  modules: [module('cart'), module('search'), module('ui')],
  handoffs: [],
  conflicts: [],
  notifications: [],
} as unknown as ToldBoard;

const all = (count: number) => (count === 0 ? [] : [{ from: 0, count, rows: [] }]);

const difference = (fields: object): BoardAnswer =>
  ({ ...first, mark: 'a-2', since: 'a-1', revision: 2, agents: all(1), sessions: [], modules: all(3), handoffs: [], conflicts: [], notifications: [], ...fields });

function told(fields: object): ToldBoard {
  return boardOf(difference(fields), first) ?? assert.fail('it is told over the first');
}

suite('a board told by what differs', () => {
  test('is the earlier one with other rows; those that stay are the same objects', () => {
    const changed = module('search', { title: 'Search' });
    const now = told({ modules: [{ from: 2, count: 1, rows: [changed] }, { from: 0, count: 1, rows: [] }] });
    assert.deepEqual(now.modules, [first.modules[2], changed, first.modules[0]]);
    assert.equal(now.modules[0], first.modules[2]);
    assert.equal(now.agents, first.agents, 'a list in which nothing changed is the same list');
    assert.deepEqual([now.mark, now.revision, 'since' in now], ['a-2', 2, false]);
  });

  test('came to nothing, or out of nothing', () => {
    assert.deepEqual(told({ modules: [] }).modules, []);
    assert.deepEqual(told({ handoffs: [{ from: 0, count: 0, rows: [{ id: 'h' }] }] }).handoffs, [{ id: 'h' }]);
  });

  test('means nothing over another one', () => {
    assert.equal(boardOf(difference({}), undefined), undefined);
    assert.equal(boardOf(difference({}), { ...first, mark: 'a-0' }), undefined);
    assert.equal(boardOf(first, undefined), first, 'what is told whole needs no other');
  });
});

suite('the rows of modules', () => {
  const view = boardView(new Filter());
  const shown = new Shown();
  const rowsOf = (board: ToldBoard): Node[] => view.rows(repository, board).flatMap((group) => group.children());
  const [group] = shown.give(view.rows(repository, first));
  const before = group ? shown.rowsBelow(group) : [];

  test('are made once, while nothing changes that they say', () => {
    const now = told({ modules: [{ from: 0, count: 1, rows: [module('search', { title: 'Search' })] }, { from: 2, count: 1, rows: [] }] });
    const rows = rowsOf(now);
    assert.deepEqual(rows.map((row, index) => row === before[index]), [true, false, true]);
    assert.deepEqual(shown.update(view.rows(repository, now)), [before[1]], 'the one that changed is asked for again');
    assert.equal(before[1]?.description, 'Search');
    assert.deepEqual(shown.update(view.rows(repository, now)), [], 'and only once');
  });

  test('follow a name and the time that a lease has left', () => {
    const lease = (minutes: number) => ({ holder: 'agent-0000000a', expires_at: new Date(Date.now() + minutes * 60_000).toISOString(), expired: false, ttl_seconds: 1800 });
    const held = module('cart', { owner: 'agent-0000000a', lease: lease(12.5) as unknown as NonNullable<BoardModule['lease']> });
    const board = { ...first, modules: [held] };
    const [row] = rowsOf(board);
    assert.equal(rowsOf({ ...board, agents: [...first.agents] })[0], row);
    const renamed = { ...board, agents: [{ ...first.agents[0], name: 'Ann B.' }] } as unknown as ToldBoard;
    assert.match(String(rowsOf(renamed)[0]?.description), /^Ann B\. · 13 min left/);
    assert.notEqual(rowsOf({ ...board, modules: [{ ...held, lease: lease(3) as never }] })[0], row);
  });

  test('are explained when the pointer rests on one, with how long they have been there', () => {
    const [row] = rowsOf(first);
    assert.equal(row?.tooltip, undefined);
    const hint = row?.hint();
    assert.ok(hint instanceof vscode.MarkdownString);
    assert.match(hint.value, /\*\*cart\*\*[^]*On the board since: /);
  });
});
