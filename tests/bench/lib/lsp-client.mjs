// Just enough of an editor: it speaks the language server protocol with a sidecar, and notes when it was told what.
import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';

export class LspClient {
  #buffer = Buffer.alloc(0);
  #next = 0;
  #answers = new Map();
  #told = [];
  #waiting = [];
  #board;

  constructor(binary, folder, env = process.env) {
    this.folder = folder;
    this.begun = performance.now();
    this.process = spawn(binary, ['lsp', '--stdio'], { cwd: folder, env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.process.stdout.on('data', (data) => this.#read(data));
    this.ended = new Promise((resolve) => this.process.once('exit', resolve));
  }

  uri = (name) => pathToFileURL(`${this.folder}/${name}`).href;

  async initialize(options = {}) {
    const result = await this.request('initialize', {
      processId: process.pid, rootUri: pathToFileURL(this.folder).href, capabilities: {}, initializationOptions: { folder: this.folder, ...options },
    });
    this.notify('initialized', {});
    return result;
  }

  open(name, text) {
    this.notify('textDocument/didOpen', { textDocument: { uri: this.uri(name), languageId: 'plaintext', version: 1, text } });
  }

  command = (command, args = {}) => this.request('remit/command', { command, arguments: args });

  /** The board as the views have it: told whole once, then by what differs. */
  async board() {
    const { result } = await this.request('remit/board', this.#board ? { since: this.#board.mark } : {});
    this.#board = 'since' in result ? over(this.#board, result) : result;
    return this.#board;
  }

  /** What was told so far is no answer to what is done from now on. */
  forget() {
    this.#told = [];
  }

  /** The next notification that `wanted` says yes to, with the moment `at` which it came. */
  told(wanted) {
    const at = this.#told.findIndex(wanted);
    if (at >= 0) return Promise.resolve(this.#told.splice(at, 1)[0]);
    return new Promise((resolve) => this.#waiting.push({ wanted, resolve }));
  }

  diagnostics = (name, wanted) =>
    this.told(({ method, params }) => method === 'textDocument/publishDiagnostics' && params.uri === this.uri(name) && wanted(params.diagnostics));

  request(method, params) {
    const id = (this.#next += 1);
    this.#send({ id, method, params });
    return new Promise((resolve) => this.#answers.set(id, resolve));
  }

  notify(method, params) {
    this.#send({ method, params });
  }

  async stop() {
    await this.request('shutdown');
    this.notify('exit');
    await this.ended;
  }

  #send(message) {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.process.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #read(data) {
    this.#buffer = Buffer.concat([this.#buffer, data]);
    for (;;) {
      const head = this.#buffer.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#buffer.subarray(0, head).toString())[1]);
      if (this.#buffer.length < head + 4 + length) return;
      const message = JSON.parse(this.#buffer.subarray(head + 4, head + 4 + length).toString());
      this.#buffer = this.#buffer.subarray(head + 4 + length);
      this.#receive(message);
    }
  }

  #receive(message) {
    if (message.id !== undefined && !message.method) {
      this.#answers.get(message.id)(message.result);
      this.#answers.delete(message.id);
      return;
    }
    const told = { ...message, at: performance.now() };
    const waiting = this.#waiting.findIndex(({ wanted }) => wanted(told));
    if (waiting >= 0) this.#waiting.splice(waiting, 1)[0].resolve(told);
    else this.#told.push(told);
  }
}

const LISTS = ['agents', 'sessions', 'modules', 'handoffs', 'conflicts', 'notifications'];

function over(before, { since, ...now }) {
  if (since !== before.mark) throw new Error(`told over ${since}, and not over ${before.mark}`);
  const list = (name) => now[name].flatMap(({ from, count, rows }) => [...before[name].slice(from, from + count), ...rows]);
  return { ...now, ...Object.fromEntries(LISTS.map((name) => [name, list(name)])) };
}
