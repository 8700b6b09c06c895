import { cents, shown, type Cents } from '../shared/money';

const TAX = 0.19;

export interface Line {
  title: string;
  price: Cents;
}

export function invoice(lines: Line[]): string {
  const net = lines.reduce((sum, line) => sum + line.price, 0) as Cents;
  const tax = cents((net / 100) * TAX);
  return [...lines.map((line) => `${line.title} ${shown(line.price)}`), `tax ${shown(tax)}`].join('\n');
}
