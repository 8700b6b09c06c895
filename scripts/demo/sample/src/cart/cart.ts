import type { Line } from '../billing/invoice';

export class Cart {
  readonly lines: Line[] = [];

  add(line: Line): void {
    this.lines.push(line);
  }
}
