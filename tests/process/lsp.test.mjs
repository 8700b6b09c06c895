// The language server as a process: what a client that makes mistakes is answered.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import test from 'node:test';
import { Project } from './harness.mjs';

const framed = (body) => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** A client that may send anything. `answered(fits)` is the next message of the server that fits. */
function connect(project) {
  const child = spawn(project.binary, ['lsp', '--stdio'], { cwd: project.root, env: project.env(), stdio: ['pipe', 'pipe', 'inherit'] });
  const messages = [];
  const waiting = new Set();
  let input = Buffer.alloc(0);
  child.stdout.on('data', (data) => {
    input = Buffer.concat([input, data]);
    for (;;) {
      const head = input.indexOf('\r\n\r\n');
      const end = head + 4 + Number(/Content-Length: (\d+)/.exec(input.subarray(0, Math.max(head, 0)).toString())?.[1] ?? NaN);
      if (!(end <= input.length)) break;
      messages.push(JSON.parse(input.subarray(head + 4, end).toString()));
      input = input.subarray(end);
    }
    for (const look of waiting) look();
  });
  const answered = (fits) => new Promise((resolve) => {
    const look = () => {
      const at = messages.findIndex(fits);
      if (at < 0) return;
      waiting.delete(look);
      resolve(messages.splice(at, 1)[0]);
    };
    waiting.add(look);
    look();
  });
  const send = (message) => child.stdin.write(framed(JSON.stringify({ jsonrpc: '2.0', ...message })));
  const raw = (bytes) => child.stdin.write(bytes);
  const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  return { send, raw, answered, ended };
}

test('what can’t be read is answered with an error, and the session goes on', { timeout: 60_000 }, async (t) => {
  const project = new Project(t).board();
  const client = connect(project);
  client.send({ id: 1, method: 'initialize', params: { processId: null, rootUri: `file://${project.root}`, capabilities: {} } });
  assert.ok((await client.answered(({ id }) => id === 1)).result.capabilities);
  client.send({ method: 'initialized', params: {} });
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
  client.send({ id: 2, method: 'remit/board', params: {} });
  const { result } = await client.answered(({ id }) => id === 2);
  assert.ok(result.ok, JSON.stringify(result));
  client.send({ id: 3, method: 'shutdown' });
  await client.answered(({ id }) => id === 3);
  client.send({ method: 'exit' });
  assert.equal(await client.ended, 0);
});
