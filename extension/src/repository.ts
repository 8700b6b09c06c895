// What the window knows of one repository: its sidecar, and the board as it was last told.
import { EventEmitter, type Uri } from 'vscode';
import { Ground } from './ground';
import { Ignored } from './ignored';
import type { Root } from './roots';
import { Sidecar, type SidecarServices, type SidecarState } from './sidecar/sidecar';
import { Store } from './store';
import type { BoardReply, Failure, StatusMessage } from './wire';

/** What changes after a calm is read at once; several commits in a row, as of an agent that works through a plan, are then drawn once. */
const REST_MS = 30;
/** Reading a very large board leaves the editor most of its time all the same. */
const REST_PER_READ = 4;

export class Repository extends Store {
  readonly sidecar: Sidecar;
  readonly ignored = this.own(new Ignored());
  private readonly changeEmitter = this.own(new EventEmitter<{ volatile: boolean }>());
  /** The board, the sidecar's state or its message is another one. */
  readonly onDidChange = this.changeEmitter.event;

  /** The last board that was told; kept while the sidecar is down. */
  board: BoardReply | undefined;
  /** Why there is no newer board. */
  failure: Failure | undefined;
  /** What the sidecar last had to say to people. */
  status: StatusMessage | undefined;
  ground: Ground | undefined;

  private timer: NodeJS.Timeout | undefined;
  private following: Promise<void> = Promise.resolve();
  private reading: Promise<void> | undefined;
  private again = false;
  private onlyVolatile = true;
  /** No change is read before; what a person has just done is. */
  private restsUntil = 0;

  constructor(
    public root: Root,
    accepts: (uri: Uri) => boolean,
    services: SidecarServices,
  ) {
    super();
    this.sidecar = this.own(new Sidecar({ root: root.path, folders: () => this.root.folders, accepts, ignored: this.ignored }, services));
    this.own(this.sidecar.onDidChangeState((state) => (this.following = this.follow(state))));
    this.own(this.sidecar.onBoardChanged(({ volatile }) => this.expectChange(volatile)));
    this.own(this.ignored.onDidChange(() => void this.refresh()));
    this.own(this.sidecar.onStatus((status) => this.hear(status)));
  }

  get name(): string {
    return this.root.path.split(/[\\/]/).pop() ?? this.root.path;
  }

  get hasBoard(): boolean {
    return this.board?.exists === true;
  }

  get state(): SidecarState {
    return this.sidecar.state;
  }

  /** Starts the sidecar where it does not run; resolves when its first board, or its failure, is known. */
  async start(): Promise<void> {
    await this.sidecar.start();
    await this.following;
  }

  /** As `start`, where nobody wanted a sidecar before: one that is down comes back by itself. */
  async wake(): Promise<void> {
    if (this.state.kind === 'stopped') await this.start();
  }

  async restart(): Promise<void> {
    await this.sidecar.restart();
    await this.following;
  }

  /** Folders were added to the window or removed from it: of this repository, or around it. */
  async foldersChanged(): Promise<void> {
    if (this.state.kind !== 'running') return;
    await this.sidecar.foldersChanged();
    await this.survey();
    this.changeEmitter.fire({ volatile: false });
  }

  /** Reads the board again; resolves when what is shown is as new as the call. */
  async refresh(): Promise<void> {
    this.again = true;
    this.reading ??= this.readUntilCurrent().finally(() => (this.reading = undefined));
    return this.reading;
  }

  override dispose(): void {
    clearTimeout(this.timer);
    super.dispose();
  }

  private hear(status: StatusMessage): void {
    this.status = status;
    this.changeEmitter.fire({ volatile: true });
  }

  private async follow(state: SidecarState): Promise<void> {
    if (state.kind === 'starting') this.status = undefined;
    this.changeEmitter.fire({ volatile: true });
    if (state.kind !== 'running') return;
    await this.survey();
    this.onlyVolatile = false;
    await this.refresh();
  }

  private async survey(): Promise<void> {
    if (this.state.kind !== 'running') return;
    const { worktree } = this.state.hello;
    this.ground = worktree === null ? undefined : await Ground.survey(worktree, this.root.folders);
  }

  private expectChange(volatile: boolean): void {
    this.onlyVolatile &&= volatile;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.refresh();
    }, Math.max(0, this.restsUntil - performance.now()));
  }

  private async readUntilCurrent(): Promise<void> {
    while (this.again && !this.isDisposed) {
      this.again = false;
      const volatile = this.onlyVolatile;
      this.onlyVolatile = true;
      await this.read();
      this.changeEmitter.fire({ volatile });
    }
  }

  private async read(): Promise<void> {
    const begun = performance.now();
    try {
      const envelope = await this.sidecar.board();
      if (envelope.ok) this.board = this.ignored.hide(envelope.result);
      this.failure = envelope.ok ? undefined : envelope.error;
      const ended = performance.now();
      this.restsUntil = ended + Math.max(REST_MS, REST_PER_READ * (ended - begun));
    } catch {
      // The sidecar went away meanwhile; the next one brings a board of its own.
    }
  }
}
