// The Notifications view: what asks something of me, newest first, with what answers it.
import type { Repository } from '../repository';
import { agentName, agoText, clockText } from '../words';
import type { BoardNotification, BoardReply } from '../wire';
import { icon, Node } from './node';
import { Tooltip } from './tooltip';
import type { Drawing } from './tree';

export const notificationsView: Drawing = {
  tellsTime: true,
  flat: true,
  rows: (repository, board) => board.notifications.toReversed().map((one) => new NotificationNode(repository, board, one)),
  badge: (board) => board.notifications.filter(({ needs_me }) => needs_me).length,
  badgeText: (count) => `Remit: ${count} ${count === 1 ? 'notification' : 'notifications'} for you`,
};

/** What people call it, and its picture; kinds that come later are told by their own name. */
const KINDS: Record<string, { title: string; icon: string }> = {
  'review-ready': { title: 'review wanted', icon: 'eye' },
  'changes-requested': { title: 'changes wanted', icon: 'request-changes' },
  approved: { title: 'approved', icon: 'pass' },
  'handoff-ready': { title: 'handoff', icon: 'inbox' },
  'handoff-requested': { title: 'handoff wanted', icon: 'comment' },
  'handoff-claimed': { title: 'handoff taken', icon: 'check' },
  'handoff-acknowledged': { title: 'handoff read', icon: 'check-all' },
  cancelled: { title: 'cancelled', icon: 'circle-slash' },
  assigned: { title: 'assigned to you', icon: 'person-add' },
  'lease-lost': { title: 'lease lost', icon: 'warning' },
  unblocked: { title: 'free to start', icon: 'unlock' },
};

class NotificationNode extends Node {
  readonly sequence: number;

  constructor(repository: Repository, board: BoardReply, notification: BoardNotification) {
    const { seq, kind, module, at, summary, actions } = notification;
    const { title, icon: name } = KINDS[kind] ?? { title: kind, icon: 'bell' };
    const label = module ?? title;
    super(repository, `notification/${seq}`, {
      label,
      spoken: [...(module ? [module] : []), title, summary, agoText(at)].join(', '),
      module: module ?? undefined,
    });
    this.sequence = seq;
    this.description = summary;
    this.iconPath = icon(name, notification.needs_me ? 'remit.mine' : undefined);
    this.tooltip = tooltip(board, notification, title);
    this.contextValue = ['notification', ...actions.map((action) => `<${action}>`)].join(' ');
  }
}

function tooltip(board: BoardReply, { at, agent_id, module, priority, summary }: BoardNotification, title: string) {
  return new Tooltip()
    .heading(title)
    .paragraph(summary)
    .facts({
      Module: module,
      From: agent_id && agentName(board, agent_id),
      At: clockText(at),
      Priority: priority?.toString(),
    })
    .build();
}
