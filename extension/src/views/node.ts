// A row of a view. Its id stays the same from one drawing to the next, so that what is selected and unfolded stays so.
import { type AccessibilityInformation, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { Subject } from '../commands/target';
import type { Repository } from '../repository';

interface NodeFacts {
  label: string;
  /** What a screen reader says. */
  spoken: string;
  module?: string | undefined;
  path?: string | undefined;
  drawnFrom?: unknown;
}

export abstract class Node extends TreeItem implements Subject {
  readonly repository: Repository;
  override readonly id: string;
  override label: string;
  override accessibilityInformation: AccessibilityInformation;
  readonly module: string | undefined;
  readonly path: string | undefined;
  /** All that this row and those below it are drawn from; rows at the top alone need it. */
  readonly looks: string;

  constructor(repository: Repository, key: string, { label, spoken, module, path, drawnFrom }: NodeFacts) {
    super(label);
    this.repository = repository;
    this.id = `${repository.root.path}#${key}`;
    this.label = label;
    this.accessibilityInformation = { label: spoken };
    this.module = module;
    this.path = path;
    this.looks = JSON.stringify(drawnFrom ?? null);
  }

  /** Becomes what `fresh` is, of the same id; false when it is that already. */
  adopt(fresh: Node): boolean {
    if (fresh.looks === this.looks) return false;
    Object.assign(this, fresh);
    return true;
  }

  /** The rows below; called when the row is unfolded. */
  children(): Node[] {
    return [];
  }

  protected fold(open: boolean): void {
    this.collapsibleState = open ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed;
  }
}

/** One of several repositories of the window; with one alone its rows stand at the top. */
export class RepositoryNode extends Node {
  override readonly iconPath = new ThemeIcon('repo');

  constructor(
    repository: Repository,
    private readonly rows: Node[],
  ) {
    const drawnFrom = rows.map(({ id, looks }) => [id, looks]);
    super(repository, 'repository', { label: repository.name, spoken: `Repository ${repository.name}`, drawnFrom });
    this.description = repository.root.path;
    this.contextValue = 'repository';
    this.fold(true);
  }

  override children(): Node[] {
    return this.rows;
  }
}

export const icon = (name: string, colour?: string): ThemeIcon => new ThemeIcon(name, colour ? new ThemeColor(colour) : undefined);
