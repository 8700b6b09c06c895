// What a command is about: a row of a view, files of the explorer, a quick fix's { module, path }, or nothing yet.
import { Uri, window } from 'vscode';
import { messages } from '../messages';
import type { Repositories } from '../repositories';
import type { Repository } from '../repository';
import type { BoardModule, BoardReply } from '../wire';
import { NotPossible } from './errors';
import { pickRepository } from './pick';

/** What a row of a view carries for commands. */
export interface Subject {
  readonly repository: Repository;
  readonly module?: string | undefined;
  readonly path?: string | undefined;
  /** Of a collision: the file that shows the other side, and what that is called. */
  readonly compareWith?: string | undefined;
  readonly side?: string | undefined;
  /** Of a notification. */
  readonly sequence?: number | undefined;
}

export interface Target {
  repository?: Repository | undefined;
  module?: string | undefined;
  /** A project path. */
  path?: string | undefined;
  /** Of the finding that a quick fix is about. */
  code?: string | undefined;
  /** Of a collision: the file that shows the other side, and what that is called. */
  compareWith?: string | undefined;
  side?: string | undefined;
  /** Of a notification. */
  sequence?: number | undefined;
  uris: readonly Uri[];
}

/** VS Code gives the thing that was clicked, and then all that were selected. */
export function targetOf([clicked, selected]: readonly unknown[]): Target {
  if (clicked instanceof Uri) {
    const uris = Array.isArray(selected) ? selected.filter((one) => one instanceof Uri) : [];
    return { uris: uris.length > 0 ? uris : [clicked] };
  }
  if (!isRecord(clicked)) return { uris: [] };
  const { repository, module, path, code, compareWith, side, sequence } = clicked;
  return {
    repository: repository as Repository | undefined,
    module: textOf(module),
    path: textOf(path),
    code: textOf(code),
    compareWith: textOf(compareWith),
    side: textOf(side),
    sequence: typeof sequence === 'number' ? sequence : undefined,
    uris: clicked['resourceUri'] instanceof Uri ? [clicked['resourceUri']] : [],
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** The repository that is meant; asks only when several could be. */
export async function repositoryFor(target: Target, repositories: Repositories): Promise<Repository> {
  const meant = target.repository ?? repositories.of(target.uris[0]) ?? repositories.active;
  if (meant) return meant;
  if (repositories.all.length === 0) throw new NotPossible(messages.noRepository);
  return pickRepository(repositories.all);
}

export function boardOf(repository: Repository): BoardReply {
  if (!repository.board?.exists) throw new NotPossible(messages.noBoard);
  return repository.board;
}

export function moduleNamed(repository: Repository, id: string): BoardModule {
  const found = boardOf(repository).modules.find((module) => module.id === id);
  if (!found) throw new NotPossible(messages.noSuchModule(id));
  return found;
}

/** The literal project paths that are meant: of the quick fix, the selection in the explorer, or the open file. */
export function pathsOf(target: Target, repository: Repository): string[] {
  if (target.path) return [target.path];
  const active = window.activeTextEditor?.document.uri;
  const uris = target.uris.length > 0 ? target.uris : active ? [active] : [];
  if (uris.length === 0) throw new NotPossible(messages.noFile);
  return uris.map((uri) => pathIn(repository, uri));
}

function pathIn(repository: Repository, uri: Uri): string {
  const { ground } = repository;
  if (!ground) throw new NotPossible(messages.sidecarDown);
  if (ground.isWhole(uri)) throw new NotPossible(messages.wholeRepository);
  const path = ground.pathOf(uri);
  if (path === undefined) throw new NotPossible(messages.outside(uri.fsPath));
  return path;
}
