// A sidecar lives as long as its window, through any number of processes: one that dies is started again as the same window.
import { randomUUID } from 'node:crypto';
import { EventEmitter, type LogOutputChannel, type Memento, Uri } from 'vscode';
import type { Ignored } from '../ignored';
import { identityOf, sidecarPath } from '../settings';
import { Store } from '../store';
import type { BoardChanged, BoardReply, Commands, Envelope, Hello, LeaseLost, Queries, StatusMessage } from '../wire';
import { Backoff } from './backoff';
import { bundledBinary, obstacle, versionOf } from './binary';
import { BinaryWatch } from './binaryWatch';
import type { Connection } from './client';
import { type BoardAnswer, boardOf, type ToldBoard } from './told';

export type SidecarState =
  | { kind: 'stopped' }
  | { kind: 'starting' }
  | { kind: 'running'; hello: Hello }
  /** It died, or could not be started; the next attempt comes by itself, unless so many ended badly that it was given up. */
  | { kind: 'down'; reason: string; gaveUp: boolean };

export interface SidecarPlace {
  /** Stable name of the repository: the path of its root. */
  root: string;
  /** As they are now. */
  folders: () => readonly Uri[];
  accepts: (uri: Uri) => boolean;
  ignored: Ignored;
}

export interface SidecarServices {
  extensionPath: string;
  /** The extension's; the bundled sidecar has the same. */
  version: string;
  log: LogOutputChannel;
  /** Remembers the window's id for a reload. */
  memory: Memento;
}

/** What a person asked for later than this ago is not done any more, unless it is asked for again. */
const REPEAT_LIMIT_MS = 10_000;

/** Who stops a sidecar that is being started waits for it no longer than this. */
const START_PATIENCE_MS = 3000;

export class Sidecar extends Store {
  private readonly stateEmitter = this.own(new EventEmitter<SidecarState>());
  private readonly boardEmitter = this.own(new EventEmitter<BoardChanged>());
  private readonly statusEmitter = this.own(new EventEmitter<StatusMessage>());
  private readonly lostEmitter = this.own(new EventEmitter<LeaseLost>());
  readonly onDidChangeState = this.stateEmitter.event;
  readonly onBoardChanged = this.boardEmitter.event;
  readonly onStatus = this.statusEmitter.event;
  readonly onLeaseLost = this.lostEmitter.event;

  private readonly backoff = new Backoff();
  private readonly binaryWatch = this.own(new BinaryWatch(() => void this.binaryChanged()));
  private current: SidecarState = { kind: 'stopped' };
  private connection: Connection | undefined;
  private timer: NodeJS.Timeout | undefined;
  private starting: Promise<void> = Promise.resolve();
  /** Of earlier lives. The next one waits for it: before, it would find the window's seat on the board taken, and get another. */
  private ending: Promise<unknown> = Promise.resolve();
  /** Counts lives: what an earlier one still has to say is not listened to. */
  private life = 0;
  private bornAt = 0;
  /** What the settings of its first folder made of it. */
  private startedAs: string | undefined;
  private windowId: string | undefined;
  /** What the next board is told over. */
  private told: ToldBoard | undefined;
  /** Of the first sidecar of this window, which the window was made for. */
  private firstVersion: string | undefined;
  private newestVersion: string | undefined;

  constructor(
    private readonly place: SidecarPlace,
    private readonly services: SidecarServices,
  ) {
    super();
    this.windowId = services.memory.get<string>(this.memoryKey);
  }

  get state(): SidecarState {
    return this.current;
  }

  get pid(): number | undefined {
    return this.connection?.pid;
  }

  get expectedVersion(): string {
    return this.services.version;
  }

  get isOfAnotherVersion(): boolean {
    return this.newestVersion !== undefined && this.newestVersion !== this.expectedVersion;
  }

  /** Its version changed while the window was open. */
  get isOutdated(): boolean {
    return this.newestVersion !== this.firstVersion;
  }

  async start(): Promise<void> {
    if (this.isDisposed || this.current.kind === 'running') return;
    if (this.current.kind !== 'starting') {
      clearTimeout(this.timer);
      this.starting = this.beginLife(++this.life);
    }
    await this.starting;
  }

  private async beginLife(life: number): Promise<void> {
    this.bornAt = Date.now();
    this.enter({ kind: 'starting' });
    try {
      await this.ending;
      const connection = await this.connect(life);
      if (life !== this.life) {
        await connection.close();
        return;
      }
      this.begin(connection);
      // Folders may have come and gone while it was being started.
      void this.foldersChanged();
    } catch (error) {
      this.died(life, error instanceof Error ? error.message : String(error), error instanceof InTheWay);
    }
  }

  /** Ends the process and starts another one at once, as the same window. */
  async restart(): Promise<void> {
    await this.stop();
    this.backoff.reset();
    await this.start();
  }

  /** Tells of the window's folders as they are now; what runs goes on, unless another first folder has other settings. */
  async foldersChanged(): Promise<void> {
    const { connection } = this;
    const folders = this.place.folders();
    const [folder] = folders;
    if (!connection || !folder) return;
    const goesOn = this.identity(folder) === this.startedAs && (await connection.foldersChanged(folders).catch(() => true));
    if (!goesOn && connection === this.connection) await this.restart();
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.life += 1;
    const { connection } = this;
    this.connection = undefined;
    // One that is being started leaves as soon as it has come.
    this.ending = Promise.all([this.ending, connection?.close(), within(START_PATIENCE_MS, this.starting)]);
    this.enter({ kind: 'stopped' });
    await this.ending;
  }

  async board(): Promise<Envelope<BoardReply>> {
    const answer = await this.request<Envelope<BoardAnswer>>('remit/board', this.told ? { since: this.told.mark } : {});
    if (!answer.ok) return answer;
    this.told = boardOf(answer.result, this.told);
    // Somebody else asked meanwhile, and was answered first.
    if (!this.told) return this.board();
    this.remember(this.told.me?.window_id ?? null);
    return { ...answer, result: this.told };
  }

  /** Has one effect, also where the process ends before it has answered: the next one is asked once more, under the same id. */
  async command<N extends keyof Commands>(command: N, args: Commands[N]['arguments']): Promise<Envelope<Commands[N]['reply']>> {
    const params = { command, arguments: args, request_id: randomUUID() };
    const { windowId } = this;
    try {
      return await this.request('remit/command', params);
    } catch (error) {
      if (!(error instanceof SidecarGone) || !(await this.isBackAs(windowId))) throw error;
      return this.request('remit/command', params);
    }
  }

  query<N extends keyof Queries>(query: N, args: Queries[N]['arguments']): Promise<Envelope<Queries[N]['reply']>> {
    return this.request('remit/query', { query, arguments: args });
  }

  override dispose(): void {
    void this.stop();
    super.dispose();
  }

  private async request<T>(method: string, params: unknown): Promise<T> {
    const { connection } = this;
    if (!connection) throw new SidecarDown();
    try {
      return await connection.request<T>(method, params);
    } catch (error) {
      throw connection === this.connection ? error : new SidecarGone();
    }
  }

  /** Whether one runs again soon, as the same window: what was asked is remembered by who asked. */
  private async isBackAs(windowId: string | undefined): Promise<boolean> {
    if (windowId === undefined) return false;
    await this.comeToSomething();
    return this.current.kind === 'running' && this.windowId === windowId;
  }

  /** Resolves when the next attempt has succeeded or none is to come; after a while in any case: people have gone on by then. */
  private comeToSomething(): Promise<void> {
    const waits = ({ current }: Sidecar): boolean => current.kind === 'starting' || (current.kind === 'down' && !current.gaveUp);
    return new Promise((resolve) => {
      const look = (): void => {
        if (!waits(this)) end();
      };
      const listening = this.onDidChangeState(look);
      const limit = setTimeout(() => end(), REPEAT_LIMIT_MS);
      const end = (): void => {
        clearTimeout(limit);
        listening.dispose();
        resolve();
      };
      look();
    });
  }

  private async connect(life: number): Promise<Connection> {
    const { Connection } = await import('./client.js');
    const { accepts, ignored, root } = this.place;
    const folders = this.place.folders();
    const [folder] = folders;
    if (!folder) throw new Error('there is no folder to serve');
    const ifAlive = <T>(listener: (value: T) => void) => (value: T): void => {
      if (life === this.life) listener(value);
    };
    const command = this.commandFor(folder);
    this.binaryWatch.watch(command);
    this.startedAs = this.identity(folder);
    const inTheWay = await obstacle(command, folder.fsPath);
    if (inTheWay !== undefined) throw new InTheWay(inTheWay);
    return Connection.open({
      id: `remit ${root}`,
      command,
      cwd: folder.fsPath,
      folders,
      accepts,
      ignored,
      initialization: { folder: folder.fsPath, codeHelp: helpPages(this.services.extensionPath), ...identityOf(folder), ...(this.windowId ? { windowId: this.windowId } : {}) },
      log: this.services.log,
      onBoardChanged: ifAlive((change) => this.boardEmitter.fire(change)),
      onStatus: ifAlive((status) => this.statusEmitter.fire(status)),
      onLeaseLost: ifAlive((lost) => this.lostEmitter.fire(lost)),
      onClosed: () => this.died(life, 'its process ended'),
      onSilence: () => this.died(life, 'it did not answer any more'),
    });
  }

  private commandFor(folder: Uri): string {
    return sidecarPath(folder) ?? bundledBinary(this.services.extensionPath);
  }

  private identity(folder: Uri): string {
    return JSON.stringify([this.commandFor(folder), identityOf(folder)]);
  }

  private begin(connection: Connection): void {
    this.connection = connection;
    this.remember(connection.hello.windowId);
    this.note(connection.hello.version);
    this.enter({ kind: 'running', hello: connection.hello });
    // They may have changed while it started.
    void this.foldersChanged();
  }

  private died(life: number, reason: string, inTheWay = false): void {
    if (life !== this.life || this.isDisposed) return;
    this.life += 1;
    this.connection?.kill();
    this.connection = undefined;
    const wait = inTheWay ? this.backoff.nextLook() : this.backoff.next(Date.now() - this.bornAt);
    const next = wait === undefined ? 'it is not started again by itself' : `starting it again in ${wait} ms`;
    this.services.log.warn(`The sidecar of ${this.place.root} is down (${reason}); ${next}.`);
    this.enter({ kind: 'down', reason, gaveUp: wait === undefined });
    if (wait !== undefined) this.timer = setTimeout(() => void this.start(), wait);
  }

  /** The program on the disk is another one: it may do better, or be newer than the one that runs. */
  private async binaryChanged(): Promise<void> {
    if (this.current.kind === 'down') {
      this.backoff.reset();
      await this.start();
    } else if (this.current.kind === 'running') {
      const [folder] = this.place.folders();
      const version = folder && (await versionOf(this.commandFor(folder)));
      if (version !== undefined) this.note(version);
    }
  }

  private note(version: string): void {
    this.firstVersion ??= version;
    if (version === this.newestVersion) return;
    this.newestVersion = version;
    if (this.isOutdated) this.enter(this.current);
  }

  private remember(windowId: string | null): void {
    if (windowId === null || windowId === this.windowId) return;
    this.windowId = windowId;
    void this.services.memory.update(this.memoryKey, windowId);
  }

  private get memoryKey(): string {
    return `windowId ${this.place.root}`;
  }

  private enter(state: SidecarState): void {
    this.current = state;
    if (!this.isDisposed) this.stateEmitter.fire(state);
  }
}

/** Resolves with the promise, at the latest after the time. */
function within(ms: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

/** Something that is not the sidecar's fault keeps it from being started. */
class InTheWay extends Error {}

/** The process ended before it had answered: what was asked for may have been done, or not. */
export class SidecarGone extends Error {
  constructor() {
    super('the sidecar ended before it had answered');
  }
}

/** There is no process to ask at the moment. */
export class SidecarDown extends Error {
  constructor() {
    super('the sidecar is not running');
  }
}

/** A page for each code of a finding. It is a file: from a hover VS Code opens no commands. */
const helpPages = (extensionPath: string): string =>
  `${Uri.joinPath(Uri.file(extensionPath), 'extension', 'media', 'help').toString()}/{code}.remit-help.md`;
