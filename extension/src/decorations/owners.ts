// Badges in the explorer for paths that somebody owns. Whose a path is, is the sidecar's answer, asked for in batches and
// kept until the board changes.
import {
  type CancellationToken,
  EventEmitter,
  type FileDecoration,
  type FileDecorationProvider,
  type Uri,
  window,
} from 'vscode';
import type { Repositories, RepositoryChange } from '../repositories';
import type { Repository } from '../repository';
import { Store } from '../store';
import type { PathOwners } from '../wire';
import { decorationOf, sameDecoration } from './badge';

interface Known {
  uri: Uri;
  repository: Repository;
  path: string;
  decoration: FileDecoration | undefined;
}

interface Waiting extends Omit<Known, 'decoration'> {
  resolve: (decoration: FileDecoration | undefined) => void;
}

const GATHER_MS = 20;
const MOST_AT_ONCE = 500;
/** More than an explorer shows; the oldest are asked again when they come into view. */
const MOST_KNOWN = 5000;

export class OwnerDecorations extends Store implements FileDecorationProvider {
  private readonly changeEmitter = this.own(new EventEmitter<Uri[]>());
  readonly onDidChangeFileDecorations = this.changeEmitter.event;
  private readonly known = new Map<string, Known>();
  /** Asked for before there was a board to ask. */
  private readonly early = new Map<string, Uri>();
  private waiting: Waiting[] = [];
  private timer: NodeJS.Timeout | undefined;
  /** Boards that are other ones now, and whether only bookkeeping moved in them. */
  private readonly changed = new Map<Repository, boolean>();
  private looking = false;

  constructor(private readonly repositories: Repositories) {
    super();
    this.own(window.registerFileDecorationProvider(this));
    this.own(repositories.onDidChange((change) => (change ? this.follow(change) : this.forget())));
  }

  provideFileDecoration(uri: Uri, token: CancellationToken): Promise<FileDecoration | undefined> | undefined {
    const repository = this.repositories.of(uri);
    const path = repository?.ground?.pathOf(uri);
    if (!repository?.hasBoard || path === undefined) {
      put(this.early, uri.toString(), uri);
      return undefined;
    }
    return new Promise((resolve) => {
      this.waiting.push({ uri, repository, path, resolve });
      token.onCancellationRequested(() => resolve(undefined));
      this.timer ??= setTimeout(() => void this.answer(), GATHER_MS);
    });
  }

  override dispose(): void {
    clearTimeout(this.timer);
    super.dispose();
  }

  private async answer(): Promise<void> {
    this.timer = undefined;
    const waiting = this.waiting.splice(0);
    for (const [repository, ours] of byRepository(waiting)) {
      const owners = await ownersOf(repository, ours.map(({ path }) => path));
      for (const one of ours) one.resolve(this.remember(one, owners?.get(one.path)));
    }
  }

  private remember({ uri, repository, path }: Waiting, owners: PathOwners | undefined): FileDecoration | undefined {
    const decoration = repository.board && owners && decorationOf(repository.board, owners);
    put(this.known, uri.toString(), { uri, repository, path, decoration });
    return decoration;
  }

  private follow({ repository, volatile }: RepositoryChange): void {
    if (!repository.hasBoard || !repository.ground) return;
    const early = [...this.early.values()].filter((uri) => this.repositories.of(uri) === repository);
    for (const uri of early) this.early.delete(uri.toString());
    this.fire(early);
    this.changed.set(repository, volatile && this.changed.get(repository) !== false);
    if (!this.looking) void this.lookAround();
  }

  // One look after the other: what changes meanwhile is seen by the next one, however much it was.
  private async lookAround(): Promise<void> {
    this.looking = true;
    for (const [repository, volatile] of this.changed) {
      this.changed.delete(repository);
      await this.lookAgain(repository, volatile);
    }
    this.looking = false;
  }

  /** Says which of the known paths look different now; after a mere renewal only the owned ones can. */
  private async lookAgain(repository: Repository, volatile: boolean): Promise<void> {
    const ours = [...this.known.values()].filter((one) => one.repository === repository && (!volatile || one.decoration));
    const { board } = repository;
    if (ours.length === 0 || !board || this.isDisposed) return;
    const owners = await ownersOf(repository, ours.map(({ path }) => path));
    if (!owners) return;
    const lookOf = (path: string): FileDecoration | undefined => {
      const owned = owners.get(path);
      return owned && decorationOf(board, owned);
    };
    const changed = ours.filter((one) => !sameDecoration(one.decoration, lookOf(one.path)));
    this.fire(changed.map(({ uri }) => uri));
  }

  private forget(): void {
    this.fire([...this.known.values()].map(({ uri }) => uri));
    this.known.clear();
  }

  private fire(uris: Uri[]): void {
    if (uris.length > 0 && !this.isDisposed) this.changeEmitter.fire(uris);
  }
}

/** The newest at the end; beyond the bound the oldest go. */
function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.size > MOST_KNOWN ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
}

function byRepository(waiting: Waiting[]): Map<Repository, Waiting[]> {
  const groups = new Map<Repository, Waiting[]>();
  for (const one of waiting) groups.set(one.repository, [...(groups.get(one.repository) ?? []), one]);
  return groups;
}

/** Undefined where the sidecar can't say at the moment: what is shown then stays. */
async function ownersOf(repository: Repository, paths: readonly string[]): Promise<Map<string, PathOwners> | undefined> {
  const found = new Map<string, PathOwners>();
  try {
    for (let from = 0; from < paths.length; from += MOST_AT_ONCE) {
      const answer = await repository.sidecar.query('who-owns', { paths: paths.slice(from, from + MOST_AT_ONCE) });
      if (!answer.ok) return undefined;
      for (const one of answer.result.paths) found.set(one.path, one);
    }
    return found;
  } catch {
    return undefined;
  }
}
