// The few things that are worth a pop-up: what a person loses, and what is addressed to them by name. Each kind has a setting,
// and each pop-up a button that turns its kind off. None takes the focus, and what was there when the window opened is no news.
import { commands, window } from 'vscode';
import { messages } from './messages';
import type { Repositories } from './repositories';
import type { Repository } from './repository';
import { popupIsOn, type PopupKind, turnOffPopup } from './settings';
import { Store } from './store';
import { agentName } from './words';
import type { BoardNotification, BoardReply } from './wire';

interface Popup {
  kind: PopupKind;
  text: string;
  buttons: { label: string; command: string; module?: string | undefined }[];
}

const { button } = messages;

export class Popups extends Store {
  /** The newest notification that is no news any more; a board that is not here was not seen yet. */
  private readonly told = new Map<Repository, number>();
  private readonly listening = new Set<Repository>();

  constructor(private readonly repositories: Repositories) {
    super();
    this.own(repositories.onDidChange((change) => (change ? this.look(change.repository) : this.listen())));
  }

  private listen(): void {
    for (const repository of this.repositories.all.filter((one) => !this.listening.has(one))) {
      this.listening.add(repository);
      this.own(repository.sidecar.onLeaseLost(({ modules }) => this.show(repository, leaseLost(modules))));
    }
  }

  private look(repository: Repository): void {
    const { board } = repository;
    // A board that comes later counts anew.
    if (board?.exists === false) this.told.delete(repository);
    if (!board?.me) return;
    const newest = board.notifications.at(-1)?.seq ?? 0;
    const told = this.told.get(repository);
    this.told.set(repository, Math.max(newest, told ?? 0));
    if (told === undefined) return;
    for (const one of board.notifications.filter(({ seq }) => seq > told)) this.show(repository, popupOf(board, one));
  }

  private show(repository: Repository, popup: Popup | undefined): void {
    if (!popup || !popupIsOn(popup.kind)) return;
    const labels = [...popup.buttons.map(({ label }) => label), button.never];
    void window.showInformationMessage(popup.text, ...labels).then((choice) => {
      if (choice === button.never) return turnOffPopup(popup.kind);
      const chosen = popup.buttons.find(({ label }) => label === choice);
      return chosen && commands.executeCommand(chosen.command, { repository, module: chosen.module });
    });
  }
}

const showBoard = { label: button.showBoard, command: 'remit.board.focus' };

const leaseLost = (modules: readonly string[]): Popup => ({ kind: 'leaseLost', text: messages.leaseLost(modules), buttons: [showBoard] });

/** A lost lease is told by the sidecar itself, as soon as it finds out. */
export function popupOf(board: BoardReply, { kind, module, target, agent_id, summary, needs_me }: BoardNotification): Popup | undefined {
  if (kind === 'lease-lost' || kind === 'handoff-ready' && !target?.startsWith('agent:')) return undefined;
  const about = module ?? undefined;
  if (kind === 'handoff-ready') {
    const buttons = [
      { label: button.openHandoff, command: 'remit.openHandoff', module: about },
      { label: button.claimHandoff, command: 'remit.claimHandoff', module: about },
    ];
    return { kind: 'handoff', text: messages.handoffForYou(module ?? '', agentName(board, agent_id)), buttons };
  }
  if (!needs_me) return undefined;
  const show = { label: button.showNotifications, command: 'remit.notifications.focus' };
  return { kind: 'other', text: messages.calls(summary), buttons: [show] };
}
