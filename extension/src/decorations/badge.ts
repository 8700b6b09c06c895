import { FileDecoration, ThemeColor } from 'vscode';
import { agentName, clockText } from '../words';
import type { BoardReply, PathOwner, PathOwners, Standing } from '../wire';

// None is a mark of git's, which stand in the same place.
const LOOKS: Record<Standing, { badge: string; colour: string }> = {
  mine: { badge: '◇', colour: 'remit.mine' },
  others: { badge: '◆', colour: 'remit.others' },
  contested: { badge: '◇◆', colour: 'remit.contested' },
};

export function decorationOf(board: BoardReply, { owners, standing }: PathOwners): FileDecoration | undefined {
  if (!standing) return undefined;
  const { badge, colour } = LOOKS[standing];
  return new FileDecoration(badge, owners.map((owner) => ownerText(board, owner)).join('\n'), new ThemeColor(colour));
}

function ownerText(board: BoardReply, { module, owner, mine, lease }: PathOwner): string {
  const who = mine ? 'yours' : `of ${agentName(board, owner)}`;
  if (!lease) return `Remit: ${module}, ${who}`;
  return `Remit: ${module}, ${who}, ${lease.expired ? 'lease ran out' : 'until'} ${clockText(lease.expires_at)}`;
}

export function sameDecoration(a: FileDecoration | undefined, b: FileDecoration | undefined): boolean {
  return a?.badge === b?.badge && a?.tooltip === b?.tooltip;
}
