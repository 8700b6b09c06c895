// The language server as a process: what a client that makes mistakes is answered.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Project } from './harness.mjs';
import { framed, openWindow } from './lsp-client.mjs';

test('what can’t be read is answered with an error, and the session goes on', { timeout: 60_000 }, async (t) => {
  const client = await openWindow(new Project(t).board());
  const mistakes = [
    [framed('{"jsonrpc": "2.0", "method": '), -32700],
    [framed('this is no JSON'), -32700],
    [framed('[]'), -32600],
    [framed('{"hello": "world"}'), -32600],
    ['Content-Length: several\r\n\r\n', -32700],
  ];
  for (const [bytes, code] of mistakes) {
    client.raw(bytes);
    const { error } = await client.answered(({ id }) => id === null);
    assert.equal(error.code, code, bytes);
  }
  const board = await client.request('remit/board', {});
  assert.ok(board.ok, JSON.stringify(board));
  assert.equal(await client.leave(), 0);
});
