// The repositories of this window, one for each root of its folders, kept in step with the folders.
import { EventEmitter, type Uri, window, workspace } from 'vscode';
import { BoardWatch, homesOfBoard } from './boards';
import { Repository } from './repository';
import { type Root, rootsOf } from './roots';
import { sidecarPath, TOLD_AT_START } from './settings';
import type { SidecarServices } from './sidecar/sidecar';
import { Store } from './store';

export interface RepositoryChange {
  repository: Repository;
  /** Only bookkeeping moved. */
  volatile: boolean;
}

export class Repositories extends Store {
  private readonly changeEmitter = this.own(new EventEmitter<RepositoryChange | undefined>());
  /** One repository is another one now; undefined when the list itself is. */
  readonly onDidChange = this.changeEmitter.event;
  all: readonly Repository[] = [];
  private updating: Promise<void> = Promise.resolve();
  /** For boards of repositories that have none yet. */
  private watch: BoardWatch | undefined;

  constructor(private readonly services: SidecarServices) {
    super();
    this.own(workspace.onDidChangeWorkspaceFolders(() => void this.update()));
    this.own(workspace.onDidChangeConfiguration((change) => {
      if (TOLD_AT_START.some((section) => change.affectsConfiguration(section))) void this.restart();
    }));
    this.own(workspace.onDidGrantWorkspaceTrust(() => void this.restart(({ root }) => root.folders.some(sidecarPath))));
  }

  /** Starts what sleeps for want of a board: somebody looks, or asks. */
  async wake(): Promise<void> {
    await this.updating;
    await Promise.all(this.all.filter(({ root }) => root.isProject).map((one) => one.wake()));
  }

  /** The repository whose folder holds `uri` most closely. */
  of(uri: Uri | undefined): Repository | undefined {
    const folder = uri && workspace.getWorkspaceFolder(uri);
    if (!folder) return undefined;
    const wanted = folder.uri.toString();
    return this.all.find(({ root }) => root.folders.some((one) => one.toString() === wanted));
  }

  /** The one that a command means which names none: the active editor's, else the only one. */
  get active(): Repository | undefined {
    return this.of(window.activeTextEditor?.document.uri) ?? (this.all.length === 1 ? this.all[0] : undefined);
  }

  /** Brings the list in step with the folders and starts the sidecars that are wanted; resolves when they have answered. */
  update(): Promise<void> {
    const reconciled = this.updating.then(() => this.reconcile());
    this.updating = reconciled.catch(() => undefined);
    // A sidecar that takes its time holds back nobody who changes the folders meanwhile.
    return reconciled.then(() => this.tellAndStart());
  }

  async stop(): Promise<void> {
    await Promise.all(this.all.map(({ sidecar }) => sidecar.stop()));
  }

  override dispose(): void {
    for (const repository of this.all) repository.dispose();
    this.watch?.dispose();
    super.dispose();
  }

  private async restart(which: (one: Repository) => boolean = () => true): Promise<void> {
    const started = this.all.filter(({ state }) => state.kind !== 'stopped');
    await Promise.all(started.filter(which).map((one) => one.restart()));
  }

  private async reconcile(): Promise<void> {
    const folders = (workspace.workspaceFolders ?? []).map(({ uri }) => uri).filter(({ scheme }) => scheme === 'file');
    const roots = await rootsOf(folders);
    if (this.isDisposed) return;
    const kept = this.all.filter((repository) => {
      const now = roots.find(({ path }) => path === repository.root.path);
      repository.root = now ?? repository.root;
      return now !== undefined;
    });
    const added = roots.filter((root) => !kept.some((one) => one.root.path === root.path)).map((root) => this.make(root));
    await Promise.all(this.all.filter((one) => !kept.includes(one)).map(retire));
    this.all = [...kept, ...added];
    await this.watchForBoards();
    this.changeEmitter.fire(undefined);
  }

  private async tellAndStart(): Promise<void> {
    const told = this.all.map((one) => one.foldersChanged());
    const woken = this.all.filter(({ root }) => root.hasBoard).map((one) => one.wake());
    await Promise.all([...told, ...woken]);
  }

  private async watchForBoards(): Promise<void> {
    const without = this.all.filter(({ root }) => root.isProject && !root.hasBoard);
    const homes = await Promise.all(without.map(({ root }) => homesOfBoard(root.path)));
    this.watch?.dispose();
    this.watch = this.isDisposed ? undefined : new BoardWatch(homes.flat(), () => void this.wake());
  }

  private make(root: Root): Repository {
    const repository: Repository = new Repository(root, (uri) => this.of(uri) === repository, this.services);
    repository.onDidChange(({ volatile }) => this.changeEmitter.fire({ repository, volatile }));
    return repository;
  }
}

// The next sidecar of the same window finds its seat free only when the last one has left.
async function retire(repository: Repository): Promise<void> {
  await repository.sidecar.stop();
  repository.dispose();
}

