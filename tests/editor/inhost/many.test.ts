// Very much at once: what a branch that changes everything brings to a window.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Ignored } from '../../../extension/src/ignored';
import type { Repository } from '../../../extension/src/repository';
import { NotIgnored } from '../../../extension/src/sidecar/notIgnored';
import type { Node } from '../../../extension/src/views/node';
import { conflictsView } from '../../../extension/src/views/conflictsView';
import type { BoardReply } from '../../../extension/src/wire';
import { eventually } from './support';

suite('very much at once', () => {
  test('diagnostics of very many files reach the editor in few steps, the first at once, none of them cut', async () => {
    const steps: [vscode.Uri, vscode.Diagnostic[]][][] = [];
    const notIgnored = new NotIgnored(new Ignored());
    notIgnored.showBy((files) => steps.push(files));
    const wrong = new vscode.Diagnostic(new vscode.Range(0, 0, 0, 1), 'somebody else’s');
    for (let n = 0; n < 2500; n += 1) {
      notIgnored.handle(vscode.Uri.file(`/repo/${n}`), [wrong]);
      if (n === 0) assert.equal(steps.length, 1, 'the first at once');
    }
    notIgnored.handle(vscode.Uri.file('/repo/7'), []);
    await eventually('all are shown', () => steps.flat().length === 2500);
    const counts = steps.map((files) => files.reduce((sum, [, found]) => sum + found.length, 0));
    assert.deepEqual(counts, [1, 1000, 1000, 498]);
    const last = new Map(steps.flat().map(([uri, found]) => [uri.path, found.length]));
    assert.equal(last.size, 2500);
    assert.equal(last.get('/repo/7'), 0, 'the newest word on a file is the one that counts');
    notIgnored.dispose();
  });

  test('rows of conflicts stay those that were made, and their hint is made when somebody asks', () => {
    const repository = { root: { path: '/repo', folders: [] }, name: 'repo' } as unknown as Repository;
    const conflicts = Array.from({ length: 3 }, (_, n) => ({
      code: 'path-owned-by-other', path: `src/core/f${n}.rs`, module: 'core', owner: 'agent-1', lease_expires_at: '2026-01-01T10:00:00Z', changed_by: { worktree: '/repo' },
    }));
    const board = { agents: [{ id: 'agent-1', name: 'other#1' }], me: null, conflicts } as unknown as BoardReply;
    const rowsOf = (now: BoardReply): Node[] => conflictsView.rows(repository, now).flatMap((side) => side.children());
    const before = rowsOf(board);
    assert.equal(before.length, 3);
    assert.ok(before.every((row) => row.tooltip === undefined));
    const hint = before[0]?.hint() as vscode.MarkdownString;
    assert.match(hint.value, /f0\.rs[^]*Owner: other/);
    assert.ok(rowsOf({ ...board, conflicts: [...board.conflicts] }).every((row, at) => row === before[at]));
    const renamed = { ...board, agents: [{ id: 'agent-1', name: 'another#1' }] } as unknown as BoardReply;
    assert.match((rowsOf(renamed)[0]?.hint() as vscode.MarkdownString).value, /Owner: another/);
  });
});
