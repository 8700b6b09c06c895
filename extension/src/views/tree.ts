// What the views have in common: one drawing for each change of a board, and none while nobody looks.
import { type Event, EventEmitter, type TreeDataProvider, type TreeItem, type TreeView, window } from 'vscode';
import type { Repositories } from '../repositories';
import type { Repository } from '../repository';
import { Store } from '../store';
import type { BoardReply } from '../wire';
import { type Node, RepositoryNode } from './node';
import { Shown } from './shown';

export interface Drawing {
  /** The rows of one board. */
  rows: (repository: Repository, board: BoardReply) => Node[];
  /** The number on the view's icon, and what it counts; 0 for none. */
  badge?: (board: BoardReply) => number;
  badgeText?: (count: number) => string;
  /** No row can be unfolded. */
  flat?: boolean;
  /** Rows that name a time left are drawn again each minute. */
  tellsTime?: boolean;
  /** Something else than a board that the rows depend on, and a line above them that says so. */
  redrawOn?: Event<undefined>;
  message?: () => string | undefined;
}

const MINUTE_MS = 60_000;

export class Tree extends Store implements TreeDataProvider<Node> {
  private readonly changeEmitter = this.own(new EventEmitter<Node[] | undefined>());
  readonly onDidChangeTreeData = this.changeEmitter.event;
  private readonly view: TreeView<Node>;
  private clock: NodeJS.Timeout | undefined;
  private readonly shown = new Shown();
  private stale = false;

  constructor(
    viewId: string,
    private readonly repositories: Repositories,
    private readonly drawing: Drawing,
  ) {
    super();
    this.view = this.own(window.createTreeView<Node>(viewId, { treeDataProvider: this, showCollapseAll: !drawing.flat }));
    this.own(repositories.onDidChange(() => this.redraw()));
    this.own(this.view.onDidChangeVisibility(({ visible }) => this.look(visible)));
    if (drawing.redrawOn) this.own(drawing.redrawOn(() => this.redraw()));
    this.look(this.view.visible);
  }

  getTreeItem(node: Node): Node {
    return node;
  }

  resolveTreeItem(item: TreeItem, node: Node): TreeItem {
    item.tooltip = node.hint();
    return item;
  }

  getChildren(node?: Node): Node[] {
    if (node) return this.shown.rowsBelow(node);
    const rows = this.drawn();
    this.say(rows.length > 0);
    return this.shown.give(rows);
  }

  /** VS Code asks for it to reveal a row. */
  getParent(node: Node): Node | undefined {
    return this.shown.parentOf(node);
  }

  /** Unfolds what leads to a module's row, selects it and gives it the keyboard; false where no such row is drawn. */
  async reveal(repository: Repository, module: string): Promise<boolean> {
    this.draw();
    const row = this.rowOf(repository, module, this.shown.rows);
    if (row) await this.view.reveal(row, { select: true, focus: true, expand: true });
    return row !== undefined;
  }

  /** The rows at the top, drawn from what is known now. */
  drawn(): Node[] {
    const drawn = this.repositories.all.flatMap((repository) => {
      const { board } = repository;
      return board?.exists ? [{ repository, rows: this.drawing.rows(repository, board) }] : [];
    });
    const filled = drawn.filter(({ rows }) => rows.length > 0);
    if (this.repositories.all.length < 2) return filled.flatMap(({ rows }) => rows);
    return filled.map(({ repository, rows }) => new RepositoryNode(repository, rows));
  }

  override dispose(): void {
    clearInterval(this.clock);
    super.dispose();
  }

  private rowOf(repository: Repository, module: string, rows: readonly Node[]): Node | undefined {
    const found = rows.find((row) => row.module === module && row.repository === repository);
    if (found) return found;
    for (const row of rows.filter((one) => one.module === undefined)) {
      const below = this.rowOf(repository, module, this.shown.rowsBelow(row));
      if (below) return below;
    }
    return undefined;
  }

  private redraw(): void {
    this.count();
    this.stale = !this.view.visible;
    if (!this.stale) this.draw();
  }

  private draw(): void {
    const rows = this.drawn();
    this.say(rows.length > 0);
    const news = this.shown.update(rows);
    if (news === 'all') this.changeEmitter.fire(undefined);
    else if (news.length > 0) this.changeEmitter.fire(news);
  }

  /** Where there is nothing to show, the welcome text has the word: VS Code hides it behind a message. */
  private say(isFilled: boolean): void {
    const message = isFilled ? this.drawing.message?.() : undefined;
    if (this.view.message !== message) this.view.message = message;
  }

  private count(): void {
    const { badge, badgeText } = this.drawing;
    if (!badge || !badgeText) return;
    const value = this.repositories.all.reduce((sum, { board }) => sum + (board?.exists ? badge(board) : 0), 0);
    if ((this.view.badge?.value ?? 0) === value) return;
    this.view.badge = value > 0 ? { value, tooltip: badgeText(value) } : undefined;
  }

  private look(visible: boolean): void {
    clearInterval(this.clock);
    if (!visible) return;
    void this.repositories.wake();
    if (this.stale) this.redraw();
    if (this.drawing.tellsTime) this.clock = setInterval(() => this.draw(), MINUTE_MS);
  }
}
