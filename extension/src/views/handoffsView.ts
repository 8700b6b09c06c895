// The Handoffs view: what is offered to me or waits for my acknowledgement, and what I offered.
import type { Repository } from '../repository';
import { agentName, clockText, targetText } from '../words';
import type { BoardHandoff, BoardReply } from '../wire';
import { icon, Node } from './node';
import { Tooltip } from './tooltip';
import type { Drawing } from './tree';

const forMe = ({ for_me, to_acknowledge }: BoardHandoff): boolean => for_me || to_acknowledge;
const byMe = ({ by_me, status }: BoardHandoff): boolean => by_me && status !== 'withdrawn';

export const handoffsView: Drawing = {
  rows: (repository, board) => [
    ...box(repository, board, 'inbox', board.handoffs.filter(forMe)),
    ...box(repository, board, 'outbox', board.handoffs.filter(byMe)),
  ],
  badge: (board) => board.handoffs.filter(forMe).length,
  badgeText: (count) => `Remit: ${count} ${count === 1 ? 'handoff' : 'handoffs'} for you`,
};

type Box = 'inbox' | 'outbox';
const BOXES = { inbox: { title: 'For You', icon: 'inbox' }, outbox: { title: 'From You', icon: 'export' } } as const;

function box(repository: Repository, board: BoardReply, name: Box, handoffs: BoardHandoff[]): Node[] {
  return handoffs.length > 0 ? [new BoxNode(repository, board, name, handoffs)] : [];
}

class BoxNode extends Node {
  constructor(
    repository: Repository,
    private readonly board: BoardReply,
    private readonly box: Box,
    private readonly handoffs: BoardHandoff[],
  ) {
    const { title, icon: name } = BOXES[box];
    const count = `${handoffs.length} ${handoffs.length === 1 ? 'handoff' : 'handoffs'}`;
    super(repository, box, { label: title, spoken: `${title}, ${count}` });
    this.iconPath = icon(name);
    this.description = handoffs.length.toString();
    this.contextValue = 'box';
    this.fold(true);
  }

  override children(): Node[] {
    return this.handoffs.map((handoff) => new HandoffNode(this.repository, this.board, this.box, handoff));
  }
}

class HandoffNode extends Node {
  constructor(repository: Repository, board: BoardReply, box: Box, handoff: BoardHandoff) {
    const parts = described(board, box, handoff);
    super(repository, `${box}/${handoff.id}`, {
      label: handoff.module,
      spoken: [handoff.module, ...parts].join(', '),
      module: handoff.module,
    });
    this.description = parts.join(' · ');
    this.iconPath = icon(handoff.to_acknowledge ? 'mail-read' : handoff.status === 'offered' ? 'mail' : 'check');
    this.tooltip = handoffTooltip(board, handoff);
    const actions = [...(handoff.for_me ? ['claim-handoff'] : []), ...(handoff.to_acknowledge ? ['ack-handoff'] : [])];
    this.contextValue = ['handoff', ...actions.map((action) => `<${action}>`)].join(' ');
    this.command = { command: 'remit.openHandoff', title: 'Open Handoff Bundle', arguments: [this] };
  }
}

function described(board: BoardReply, box: Box, handoff: BoardHandoff): string[] {
  const { status, summary } = handoff;
  const who = box === 'inbox' ? `from ${agentName(board, handoff.from)}` : `to ${targetText(board, handoff.to)}`;
  const taken = handoff.claimed_by && box === 'outbox' ? [`${status} by ${agentName(board, handoff.claimed_by)}`] : [];
  return [who, ...taken, ...(handoff.to_acknowledge ? ['to acknowledge'] : []), ...(summary ? [summary] : [])];
}

function handoffTooltip(board: BoardReply, handoff: BoardHandoff) {
  return new Tooltip()
    .heading(handoff.module)
    .paragraph(handoff.summary)
    .list('Next steps:', handoff.next_steps)
    .facts({
      From: agentName(board, handoff.from),
      To: targetText(board, handoff.to),
      Status: handoff.status,
      'Claimed by': handoff.claimed_by && agentName(board, handoff.claimed_by),
      Offered: clockText(handoff.offered_at),
      Note: handoff.after_expiry ? 'written after the lease had run out' : null,
    })
    .build();
}
