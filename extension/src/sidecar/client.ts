// The only file that knows the language client. It is loaded when the first sidecar starts, not when the extension does.
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import * as path from 'node:path';
import { EventEmitter, LogLevel, type LogOutputChannel, type Uri, workspace } from 'vscode';
import {
  CloseAction,
  ConnectionError,
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  ErrorAction,
  ErrorCodes,
  type InitializeParams,
  LanguageClient,
  type LanguageClientOptions,
  ResponseError,
  State,
  TransportKind,
} from 'vscode-languageclient/node';
import type { Ignored } from '../ignored';
import { traceIsOn } from '../settings';
import { Store } from '../store';
import type { BoardChanged, Hello, InitializationOptions, LeaseLost, StatusMessage } from '../wire';
import { Documents } from './documents';
import { FileEvents } from './fileEvents';
import { NotIgnored } from './notIgnored';
import { Pulse } from './pulse';

export interface ConnectionOptions {
  /** Tells this repository's client from another's; also names its diagnostics. */
  id: string;
  command: string;
  cwd: string;
  /** The workspace folders that this sidecar answers for, to begin with. */
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
    private readonly documents: Documents,
    private readonly files: FileEvents,
    private readonly onClosed: () => void,
    belongings: { dispose: () => void }[],
  ) {
    super();
    for (const one of [...belongings, files]) this.own(one);
    this.hello = helloOf(client);
  }

  static async open(options: ConnectionOptions): Promise<Connection> {
    const trace = new TraceChannel(options.log);
    const documents = new Documents(options.accepts);
    const notIgnored = new NotIgnored(options.ignored);
    const client = new QuietClient(options, clientOptions(options, trace, documents, notIgnored));
    const files = new FileEvents((changes) => client.sendNotification(DidChangeWatchedFilesNotification.type, { changes }), options.accepts);
    notIgnored.showBy((shown) => client.diagnostics?.set(shown));
    client.onNotification('remit/boardChanged', options.onBoardChanged);
    client.onNotification('remit/status', options.onStatus);
    client.onNotification('remit/leaseLost', options.onLeaseLost);
    try {
      files.watch(options.folders);
      await withinLimit(client.start());
      const pulse = new Pulse(() => client.sendRequest('remit/ping', {}), options.onSilence);
      return new Connection(client, documents, files, options.onClosed, [trace, notIgnored, pulse]);
    } catch (error) {
      for (const one of [notIgnored, files, trace]) one.dispose();
      client.serverProcess?.kill('SIGKILL');
      void client.stop().catch(() => undefined);
      throw error;
    }
  }

  /** The process of this life, for tests and the log. */
  get pid(): number | undefined {
    return this.client.serverProcess?.pid;
  }

  /** Whoever asks may be the first to see that the process is gone: it is said before the request fails. */
  async request<T>(method: string, params: unknown): Promise<T> {
    try {
      return await this.client.sendRequest<T>(method, params);
    } catch (error) {
      if (isUnheard(error)) this.onClosed();
      throw error;
    }
  }

  /** Tells of the folders as they are now, those of other repositories included; false where the sidecar can't be told. */
  async foldersChanged(folders: readonly Uri[]): Promise<boolean> {
    if (!(await this.client.foldersChanged(folders))) return false;
    this.files.watch(folders);
    await this.documents.foldersChanged(this.client);
    return true;
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

/** No answer of the sidecar's: it did not hear the question, or ended over it. */
function isUnheard(error: unknown): boolean {
  const codes: readonly number[] = [ErrorCodes.MessageWriteError, ErrorCodes.PendingResponseRejected, ErrorCodes.ConnectionInactive];
  return error instanceof ConnectionError || (error instanceof ResponseError && codes.includes(error.code));
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
  private folders: readonly Uri[];

  constructor(options: ConnectionOptions, clientOptions: LanguageClientOptions) {
    const server = {
      command: options.command,
      args: ['lsp'],
      transport: TransportKind.stdio,
      options: { cwd: options.cwd },
    };
    super(options.id, 'Remit', server, clientOptions);
    this.folders = options.folders;
  }

  async foldersChanged(folders: readonly Uri[]): Promise<boolean> {
    const [added, removed] = [missing(folders, this.folders), missing(this.folders, folders)];
    if (added.length + removed.length === 0) return true;
    if (!this.initializeResult?.capabilities.workspace?.workspaceFolders?.changeNotifications) return false;
    this.folders = folders;
    await this.sendNotification(DidChangeWorkspaceFoldersNotification.type, { event: { added: added.map(asFolder), removed: removed.map(asFolder) } });
    return true;
  }

  protected override fillInitializeParams(params: InitializeParams): void {
    super.fillInitializeParams(params);
    (params.capabilities.workspace ??= {}).workspaceFolders = true;
    params.workspaceFolders = this.folders.map(asFolder);
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

const missing = (from: readonly Uri[], others: readonly Uri[]): Uri[] => from.filter((one) => !others.some((other) => other.toString() === one.toString()));

const asFolder = (uri: Uri): { uri: string; name: string } => ({ uri: uri.toString(), name: path.basename(uri.fsPath) });

const START_LIMIT_MS = 30_000;

function withinLimit(starting: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => { reject(new Error(`it did not answer in ${(START_LIMIT_MS / 1000)} s`)); }, START_LIMIT_MS);
  });
  return Promise.race([starting, limit]).finally(() => clearTimeout(timer));
}

function clientOptions(options: ConnectionOptions, trace: TraceChannel, documents: Documents, notIgnored: NotIgnored): LanguageClientOptions {
  const [folder] = options.folders;
  return {
    // Which files are this sidecar's changes with the folders; a selector does not.
    documentSelector: [{ scheme: 'file' }],
    // A client of one folder leaves telling of the window's folders, all of them, to others: here, to `foldersChanged`.
    ...(folder ? { workspaceFolder: { ...asFolder(folder), uri: folder, index: 0 } } : {}),
    diagnosticCollectionName: options.id,
    initializationOptions: options.initialization,
    initializationFailedHandler: () => false,
    outputChannel: options.log,
    // The sidecar's own log, each line with its level in it; standard output is the protocol.
    stdioOptions: { stdout: () => undefined, stderr: (stream) => eachLine(stream, (line) => options.log.info(line)) },
    traceOutputChannel: trace.channel,
    middleware: { ...documents.middleware, handleDiagnostics: notIgnored.handle },
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
