import { FileDecoration, ThemeColor } from 'vscode';
import { agentName, clockText } from '../words';
import type { BoardReply, PathOwner } from '../wire';

type Kind = 'mine' | 'others' | 'contested';

const LOOKS: Record<Kind, { badge: string; colour: string }> = {
  mine: { badge: 'R', colour: 'remit.mine' },
  others: { badge: '◆', colour: 'remit.others' },
  contested: { badge: '◆!', colour: 'remit.contested' },
};

export function decorationOf(board: BoardReply, owners: readonly PathOwner[]): FileDecoration | undefined {
  if (owners.length === 0) return undefined;
  const { badge, colour } = LOOKS[kindOf(owners)];
  return new FileDecoration(badge, owners.map((owner) => ownerText(board, owner)).join('\n'), new ThemeColor(colour));
}

function kindOf(owners: readonly PathOwner[]): Kind {
  if (new Set(owners.map(({ owner }) => owner)).size > 1) return 'contested';
  return owners.every(({ mine }) => mine) ? 'mine' : 'others';
}

function ownerText(board: BoardReply, { module, owner, mine, lease }: PathOwner): string {
  const who = mine ? 'yours' : `of ${agentName(board, owner)}`;
  if (!lease) return `Remit: ${module}, ${who}`;
  return `Remit: ${module}, ${who}, ${lease.expired ? 'lease ran out' : 'until'} ${clockText(lease.expires_at)}`;
}

export function sameDecoration(a: FileDecoration | undefined, b: FileDecoration | undefined): boolean {
  return a?.badge === b?.badge && a?.tooltip === b?.tooltip;
}
