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
import type { Repositories } from '../repositories';
import type { Repository } from '../repository';
import { Store } from '../store';
import type { PathOwner } from '../wire';
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
  private waiting: Waiting[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly repositories: Repositories) {
    super();
    this.own(window.registerFileDecorationProvider(this));
    this.own(repositories.onDidChange((change) => {
      if (change) void this.lookAgain(change.repository, change.volatile);
      else this.forget();
    }));
  }

  provideFileDecoration(uri: Uri, token: CancellationToken): Promise<FileDecoration | undefined> | undefined {
    const repository = this.repositories.of(uri);
    const path = repository?.ground?.pathOf(uri);
    if (!repository?.hasBoard || path === undefined) return undefined;
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

  private remember({ uri, repository, path }: Waiting, owners: PathOwner[] | undefined): FileDecoration | undefined {
    const decoration = repository.board && owners && decorationOf(repository.board, owners);
    const key = uri.toString();
    this.known.delete(key);
    this.known.set(key, { uri, repository, path, decoration });
    const oldest = this.known.size > MOST_KNOWN ? this.known.keys().next().value : undefined;
    if (oldest !== undefined) this.known.delete(oldest);
    return decoration;
  }

  /** Says which of the known paths look different now; after a mere renewal only the owned ones can. */
  private async lookAgain(repository: Repository, volatile: boolean): Promise<void> {
    const ours = [...this.known.values()].filter((one) => one.repository === repository && (!volatile || one.decoration));
    const { board } = repository;
    if (ours.length === 0 || !board) return;
    const owners = await ownersOf(repository, ours.map(({ path }) => path));
    if (!owners || this.isDisposed) return;
    const changed = ours.filter((one) => {
      const fresh = decorationOf(board, owners.get(one.path) ?? []);
      return !sameDecoration(one.decoration, fresh);
    });
    if (changed.length > 0) this.changeEmitter.fire(changed.map(({ uri }) => uri));
  }

  private forget(): void {
    const uris = [...this.known.values()].map(({ uri }) => uri);
    this.known.clear();
    if (uris.length > 0) this.changeEmitter.fire(uris);
  }
}

function byRepository(waiting: Waiting[]): Map<Repository, Waiting[]> {
  const groups = new Map<Repository, Waiting[]>();
  for (const one of waiting) groups.set(one.repository, [...(groups.get(one.repository) ?? []), one]);
  return groups;
}

/** Undefined where the sidecar can't say at the moment: what is shown then stays. */
async function ownersOf(repository: Repository, paths: readonly string[]): Promise<Map<string, PathOwner[]> | undefined> {
  const found = new Map<string, PathOwner[]>();
  try {
    for (let from = 0; from < paths.length; from += MOST_AT_ONCE) {
      const answer = await repository.sidecar.query('who-owns', { paths: paths.slice(from, from + MOST_AT_ONCE) });
      if (!answer.ok) return undefined;
      for (const { path, owners } of answer.result.paths) found.set(path, owners);
    }
    return found;
  } catch {
    return undefined;
  }
}
