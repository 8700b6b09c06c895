// What VS Code shows of a view, and which rows it must be told to ask for again. It forgets the rows below one that it asks for,
// and all of them when everything differs, until it has been answered: a button pressed meanwhile loses its row. So a row that is
// still there stays the same object, and is named by itself; what it stands in is named only when rows came, went or moved. That much
// can't be spared: rows come by asking for their group again, and of a press on a forgotten row VS Code hands over nothing that says
// which it was. The command then asks which module is meant; it never takes another.
import type { Node } from './node';

export class Shown {
  /** The rows at the top, as VS Code knows them. */
  private top: Node[] = [];
  /** The rows below those that VS Code asked about. */
  private readonly below = new WeakMap<Node, Node[]>();
  private readonly parents = new WeakMap<Node, Node>();
  /** VS Code has yet to ask for the rows at the top: what it gets is drawn when it does. */
  private awaited = true;

  get rows(): readonly Node[] {
    return this.top;
  }

  /** VS Code asks for the rows at the top, which are `fresh` now. */
  give(fresh: readonly Node[]): Node[] {
    this.top = this.merge(this.top, fresh, []);
    this.awaited = false;
    return this.top;
  }

  rowsBelow(row: Node): Node[] {
    const rows = this.below.get(row) ?? row.children();
    this.keepBelow(row, rows);
    return rows;
  }

  parentOf(row: Node): Node | undefined {
    return this.parents.get(row);
  }

  /** The rows at the top are `fresh` now; which rows are to be asked for again? 'all' when some at the top came, went or moved. */
  update(fresh: readonly Node[]): Node[] | 'all' {
    const before = this.top;
    const news: Node[] = [];
    this.top = this.merge(before, fresh, news);
    if (this.awaited) return [];
    if (sameRows(before, this.top)) return news;
    this.awaited = true;
    return 'all';
  }

  /** `fresh`, with the rows of `before` in place of their likes; adds those that are to be asked for again to `news`. */
  private merge(before: readonly Node[], fresh: readonly Node[], news: Node[]): Node[] {
    const known = new Map(before.map((row) => [row.id, row]));
    return fresh.map((one) => {
      const row = known.get(one.id);
      if (row) news.push(...this.renew(row, one));
      return row ?? one;
    });
  }

  private renew(row: Node, fresh: Node): Node[] {
    const differs = row.adopt(fresh);
    const before = this.below.get(row);
    if (!before) return differs ? [row] : [];
    const news: Node[] = [];
    const rows = this.merge(before, row.children(), news);
    this.keepBelow(row, rows);
    // Whoever asks for a row again asks for those below it, too.
    return differs || !sameRows(before, rows) ? [row] : news;
  }

  private keepBelow(row: Node, rows: Node[]): void {
    this.below.set(row, rows);
    for (const one of rows) this.parents.set(one, row);
  }
}

const sameRows = (a: readonly Node[], b: readonly Node[]): boolean =>
  a.length === b.length && a.every((row, index) => row === b[index]);
