// Which rows VS Code must be told to ask for again. While it replaces a row, a click on that row goes astray: it is told of as few
// as possible, and never twice of the same.
import type { Node } from './node';

export class Shown {
  /** The rows at the top, as VS Code knows them. */
  private rows: Node[] = [];
  /** VS Code was told that everything differs, and has not asked yet: what it gets is drawn when it does. */
  private awaited = false;

  get all(): readonly Node[] {
    return this.rows;
  }

  /** VS Code asks for the rows at the top, and is given these. */
  give(rows: Node[]): Node[] {
    this.awaited = false;
    return (this.rows = rows);
  }

  /** Everything is to be asked for again; false when VS Code was told so already. */
  replace(): boolean {
    const first = !this.awaited;
    this.awaited = true;
    return first;
  }

  /** The rows that look different now; 'all' when not even their number is the same. */
  compare(fresh: readonly Node[]): Node[] | 'all' {
    if (this.awaited) return [];
    if (!sameIds(fresh, this.rows)) return 'all';
    return this.rows.filter((row, index) => fresh[index] && row.adopt(fresh[index]));
  }
}

const sameIds = (a: readonly Node[], b: readonly Node[]): boolean =>
  a.length === b.length && a.every(({ id }, index) => id === b[index]?.id);
