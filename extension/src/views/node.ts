// A row of a view. Its id stays the same from one drawing to the next, so that what is selected and unfolded stays so.
import { type AccessibilityInformation, type MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { Subject } from '../commands/target';
import type { Repository } from '../repository';

interface NodeFacts {
  label: string;
  /** What a screen reader says. */
  spoken: string;
  module?: string | undefined;
  path?: string | undefined;
}

export abstract class Node extends TreeItem implements Subject {
  readonly repository: Repository;
  override readonly id: string;
  override label: string;
  override accessibilityInformation: AccessibilityInformation;
  readonly module: string | undefined;
  readonly path: string | undefined;
  /** The row that it last became: itself, when it was made. */
  private became: Node = this;

  constructor(repository: Repository, key: string, { label, spoken, module, path }: NodeFacts) {
    super(label);
    this.repository = repository;
    this.id = `${repository.root.path}#${key}`;
    this.label = label;
    this.accessibilityInformation = { label: spoken };
    this.module = module;
    this.path = path;
  }

  /** Becomes what `fresh` is, of the same id; false when it looks like that already. */
  adopt(fresh: Node): boolean {
    if (this.became === fresh) return false;
    const before = this.looks();
    for (const key of Object.keys(this)) if (!(key in fresh)) Reflect.deleteProperty(this, key);
    Object.assign(this, fresh);
    return this.looks() !== before;
  }

  /** The rows below, drawn anew. */
  children(): Node[] {
    return [];
  }

  /** What is told of it when the pointer rests on it, made when it does. */
  hint(): MarkdownString | string | undefined {
    return this.tooltip;
  }

  /** All that is drawn of the row and read out; what a click opens follows from its id. */
  private looks(): string {
    const { label, description, iconPath, contextValue, collapsibleState, accessibilityInformation, command } = this;
    const hint = this.hint();
    const words = [label, description, typeof hint === 'string' ? hint : hint?.value, contextValue, accessibilityInformation.label, command?.command];
    return JSON.stringify([...words, iconPath, collapsibleState]);
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
    super(repository, 'repository', { label: repository.name, spoken: `Repository ${repository.name}` });
    this.description = repository.root.path;
    this.contextValue = 'repository';
    this.fold(true);
  }

  override children(): Node[] {
    return this.rows;
  }
}

export const icon = (name: string, colour?: string): ThemeIcon => new ThemeIcon(name, colour ? new ThemeColor(colour) : undefined);
