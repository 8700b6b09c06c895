// A client of the language server over standard input and output, which may send anything.
import { spawn } from 'node:child_process';

export const framed = (body) => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** `answered(fits)` is the next message of the server that fits. */
export function connect(project) {
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
  let last = 0;
  /** The result of a request; an error of JSON-RPC is thrown. */
  const request = async (method, params) => {
    const id = `request-${(last += 1)}`;
    send({ id, method, params });
    const { result, error } = await answered((message) => message.id === id);
    if (error) throw new Error(JSON.stringify(error));
    return result;
  };
  const leave = async () => {
    await request('shutdown');
    send({ method: 'exit' });
    return ended;
  };
  const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  return { send, raw, answered, request, leave };
}


/** A session that has begun. */
export async function openWindow(project) {
  const client = connect(project);
  const { capabilities } = await client.request('initialize', { processId: null, rootUri: `file://${project.root}`, capabilities: {} });
  if (!capabilities) throw new Error('the server says nothing of what it can do');
  client.send({ method: 'initialized', params: {} });
  return client;
}
