// The only file that knows the language client. It is loaded when the first sidecar starts, not when the extension does.
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { EventEmitter, LogLevel, RelativePattern, type LogOutputChannel, type TextDocument, Uri, workspace } from 'vscode';
import {
  CloseAction,
  DidChangeWatchedFilesNotification,
  ErrorAction,
  LanguageClient,
  type LanguageClientOptions,
  type Middleware,
  State,
  TransportKind,
} from 'vscode-languageclient/node';
import type { Ignored } from '../ignored';
import { traceIsOn } from '../settings';
import { Store } from '../store';
import type { BoardChanged, Hello, InitializationOptions, LeaseLost, StatusMessage } from '../wire';
import { FileEvents } from './fileEvents';
import { NotIgnored } from './notIgnored';
import { Pulse } from './pulse';

export interface ConnectionOptions {
  /** Tells this repository's client from another's; also names its diagnostics. */
  id: string;
  command: string;
  cwd: string;
  /** The workspace folders that this sidecar answers for. */
  folders: readonly Uri[];
  /** False for a document that lies in a folder of another repository, nested in one of these. */
  accepts: (uri: Uri) => boolean;
  ignored: Ignored;
  initialization: InitializationOptions;
  log: LogOutputChannel;
  onBoardChanged: (change: BoardChanged) => void;
  onStatus: (status: StatusMessage) => void;
  onLeaseLost: (lost: LeaseLost) => void;
  /** The sidecar is gone, and nobody had asked for it. */
  onClosed: () => void;
  /** It runs, but does nothing any more. */
  onSilence: () => void;
}

/** One life of a sidecar's process. */
export class Connection extends Store {
  readonly hello: Hello;

  private constructor(
    private readonly client: QuietClient,
    belongings: { dispose: () => void }[],
  ) {
    super();
    for (const one of belongings) this.own(one);
    this.hello = helloOf(client);
  }

  static async open(options: ConnectionOptions): Promise<Connection> {
    const trace = new TraceChannel(options.log);
    const watching = new Watching(options.folders);
    const notIgnored = new NotIgnored(options.ignored);
    const client = new QuietClient(options, clientOptions(options, trace, watching, notIgnored));
    notIgnored.showBy((files) => client.diagnostics?.set(files));
    watching.sendBy((changes) => client.sendNotification(DidChangeWatchedFilesNotification.type, { changes }));
    client.onNotification('remit/boardChanged', options.onBoardChanged);
    client.onNotification('remit/status', options.onStatus);
    client.onNotification('remit/leaseLost', options.onLeaseLost);
    try {
      await withinLimit(client.start());
      const pulse = new Pulse(() => client.sendRequest('remit/ping', {}), options.onSilence);
      return new Connection(client, [trace, watching, notIgnored, pulse]);
    } catch (error) {
      for (const one of [notIgnored, watching, trace]) one.dispose();
      client.serverProcess?.kill('SIGKILL');
      void client.stop().catch(() => undefined);
      throw error;
    }
  }

  /** The process of this life, for tests and the log. */
  get pid(): number | undefined {
    return this.client.serverProcess?.pid;
  }

  request<T>(method: string, params: unknown): Promise<T> {
    return this.client.sendRequest<T>(method, params);
  }

  /** Ends a process that can't be asked to leave. */
  kill(): void {
    this.dispose();
    this.client.serverProcess?.kill('SIGKILL');
  }

  /** Resolves when the process has ended: only then is the window's seat on the board free for the next one. */
  async close(): Promise<void> {
    this.dispose();
    // A client that is not running any more has nothing left to stop.
    if (this.client.state !== State.Running) return;
    this.client.leaving = true;
    const ended = exitOf(this.client.serverProcess);
    await this.client.stop().catch(() => undefined);
    await ended;
  }
}

const EXIT_LIMIT_MS = 3000;
const KILL_LIMIT_MS = 1000;

/** A process that takes too long is made to leave; one that waits for a dead disk can't even be killed. */
function exitOf(child: ChildProcess | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (child?.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    let limit = setTimeout(() => {
      child.kill('SIGKILL');
      limit = setTimeout(resolve, KILL_LIMIT_MS);
    }, EXIT_LIMIT_MS);
    child.once('exit', () => {
      clearTimeout(limit);
      resolve();
    });
  });
}

/** Says everything to the log; what people must know is told in the status bar. */
class QuietClient extends LanguageClient {
  /** The window may be closing: its log may be gone before the last words. */
  leaving = false;

  constructor(options: ConnectionOptions, clientOptions: LanguageClientOptions) {
    const server = {
      command: options.command,
      args: ['lsp'],
      transport: TransportKind.stdio,
      options: { cwd: options.cwd },
    };
    super(options.id, 'Remit', server, clientOptions);
  }

  override error(message: string, data?: unknown): void {
    if (!this.leaving) super.error(message, data, false);
  }

  override warn(message: string, data?: unknown): void {
    if (!this.leaving) super.warn(message, data, false);
  }

  override info(message: string, data?: unknown): void {
    if (!this.leaving) super.info(message, data, false);
  }
}

const START_LIMIT_MS = 30_000;

function withinLimit(starting: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => { reject(new Error(`it did not answer in ${(START_LIMIT_MS / 1000)} s`)); }, START_LIMIT_MS);
  });
  return Promise.race([starting, limit]).finally(() => clearTimeout(timer));
}

function clientOptions(options: ConnectionOptions, trace: TraceChannel, watching: Watching, notIgnored: NotIgnored): LanguageClientOptions {
  return {
    documentSelector: options.folders.map((folder) => ({
      scheme: 'file',
      pattern: { baseUri: folder.toString(), pattern: '**/*' },
    })),
    diagnosticCollectionName: options.id,
    initializationOptions: options.initialization,
    initializationFailedHandler: () => false,
    outputChannel: options.log,
    // The sidecar's own log, each line with its level in it; standard output is the protocol.
    stdioOptions: { stdout: () => undefined, stderr: (stream) => eachLine(stream, (line) => options.log.info(line)) },
    traceOutputChannel: trace.channel,
    synchronize: { fileEvents: watching.watchers },
    middleware: { ...middleware(options, watching), handleDiagnostics: notIgnored.handle },
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
        options.onClosed();
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
  };
}

function eachLine(stream: Readable, use: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', use);
}

function middleware({ accepts }: ConnectionOptions, watching: Watching): Middleware {
  const ours = (document: TextDocument): boolean => accepts(document.uri);
  return {
    didOpen: async (document, next) => (ours(document) ? next(document) : undefined),
    didChange: async (change, next) => (ours(change.document) ? next(change) : undefined),
    didSave: async (document, next) => (ours(document) ? next(document) : undefined),
    didClose: async (document, next) => (ours(document) ? next(document) : undefined),
    provideCodeActions: (document, range, context, token, next) =>
      ours(document) ? next(document, range, context, token) : undefined,
    workspace: {
      didChangeWatchedFile: (event) => {
        if (accepts(Uri.parse(event.uri))) watching.events?.add(event);
        return Promise.resolve();
      },
    },
  };
}

/** The files below the folders, in batches of our own timing. */
class Watching extends Store {
  readonly watchers;
  events: FileEvents | undefined;

  constructor(folders: readonly Uri[]) {
    super();
    this.watchers = folders.map((folder) => this.own(workspace.createFileSystemWatcher(new RelativePattern(folder, '**/*'))));
  }

  sendBy(send: ConstructorParameters<typeof FileEvents>[0]): void {
    this.events = this.own(new FileEvents(send));
  }
}

/**
 * The client traces when its channel's level is Trace; here the setting `remit.trace.server` is that level. Parameters are
 * never traced: a reply can carry a lease token, which belongs into no log.
 */
class TraceChannel extends Store {
  private readonly level = this.own(new EventEmitter<LogLevel>());
  readonly channel: LogOutputChannel;

  constructor(log: LogOutputChannel) {
    super();
    const current = (): LogLevel => (traceIsOn() ? LogLevel.Trace : LogLevel.Info);
    this.own(workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('remit.trace.server')) this.level.fire(current());
    }));
    this.channel = Object.create(log, {
      logLevel: { get: current },
      onDidChangeLogLevel: { value: this.level.event },
      trace: { value: (message: string) => log.info(message) },
    }) as LogOutputChannel;
  }
}

function helloOf(client: LanguageClient): Hello {
  const experimental = client.initializeResult?.capabilities.experimental as { remit?: Partial<Hello> } | undefined;
  const hello = experimental?.remit;
  if (!hello) throw new Error('it is no sidecar of Remit');
  return { windowId: hello.windowId ?? null, worktree: hello.worktree ?? null, version: hello.version ?? 'unknown' };
}
