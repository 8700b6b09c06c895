// The keys that `when` clauses ask for; every one of them is set here and nowhere else.
import { commands } from 'vscode';
import type { Repositories } from './repositories';
import type { Repository } from './repository';
import { Store } from './store';
import type { Filter } from './views/filter';
import type { BoardReply } from './wire';

/** What the window as a whole is in: it chooses the welcome text. */
export const STATES = ['no-folder', 'no-project', 'starting', 'down', 'trouble', 'no-board', 'ready'] as const;
export type WindowState = (typeof STATES)[number];

const QUESTIONS = {
  'remit.hasModules': (board: BoardReply) => board.modules.length > 0,
  'remit.hasMine': (board: BoardReply) => board.modules.some(({ group }) => group === 'mine'),
  'remit.hasNotifications': (board: BoardReply) => board.notifications.length > 0,
  'remit.hasToCompare': (board: BoardReply) => board.conflicts.some(({ compare_with }) => compare_with),
  'remit.hasHandoffs': (board: BoardReply) => board.handoffs.length > 0,
  'remit.hasOffers': (board: BoardReply) => board.handoffs.some(({ for_me }) => for_me),
  'remit.hasToAcknowledge': (board: BoardReply) => board.handoffs.some(({ to_acknowledge }) => to_acknowledge),
} as const;

/** Whether there is a module with which the sidecar offers the action. */
const OFFERS = {
  'remit.hasClaimable': 'claim',
  'remit.hasExpired': 'take-over',
  'remit.hasReclaimable': 'reclaim',
  'remit.hasReviewable': 'start-review',
  'remit.hasToResume': 'resume',
  'remit.hasToRelease': 'release',
  'remit.hasToFinish': 'finish',
  'remit.hasToSubmit': 'submit',
  'remit.hasToBlock': 'block',
  'remit.hasToUnblock': 'unblock',
  'remit.hasToApprove': 'approve',
  'remit.hasToCancel': 'cancel',
  'remit.hasToHandOff': 'handoff-bundle',
  'remit.hasToRequest': 'request-handoff',
  'remit.hasToAssign': 'assign',
  'remit.hasToEdit': 'edit-module',
  'remit.hasToConfirm': 'confirm-module',
  'remit.hasToInfer': 'infer-paths',
} as const;

/** All the keys, for the test that compares them with the manifest's. */
export const KEYS: readonly string[] = ['remit.state', 'remit.hasBoard', 'remit.isFiltered', ...Object.keys(QUESTIONS), ...Object.keys(OFFERS)];

export class ContextKeys extends Store {
  private readonly known = new Map<string, unknown>();

  constructor(
    private readonly repositories: Repositories,
    filter: Filter,
  ) {
    super();
    this.own(repositories.onDidChange(() => this.update()));
    this.own(filter.onDidChange(() => this.set('remit.isFiltered', filter.text !== '')));
    this.set('remit.state', 'starting');
  }

  update(): void {
    const { all } = this.repositories;
    this.set('remit.state', windowState(all));
    this.set('remit.hasBoard', all.some(({ hasBoard }) => hasBoard));
    const boards = all.flatMap(({ board }) => (board?.exists ? [board] : []));
    for (const [key, question] of Object.entries(QUESTIONS)) this.set(key, boards.some(question));
    const offered = new Set(boards.flatMap(({ modules }) => modules.flatMap(({ actions }) => actions)));
    for (const [key, action] of Object.entries(OFFERS)) this.set(key, offered.has(action));
  }

  private set(key: string, value: unknown): void {
    if (this.known.get(key) === value) return;
    this.known.set(key, value);
    void commands.executeCommand('setContext', key, value);
  }
}

export function windowState(all: readonly Repository[]): WindowState {
  if (all.length === 0) return 'no-folder';
  if (all.some(({ hasBoard }) => hasBoard)) return 'ready';
  if (all.every(({ root, state }) => !root.isProject && state.kind === 'stopped')) return 'no-project';
  if (all.some(isWithoutBoard)) return 'no-board';
  if (all.some(({ state }) => state.kind === 'down')) return 'down';
  if (all.some(({ failure }) => failure)) return 'trouble';
  return 'starting';
}

// One that sleeps was looked at already; see boards.ts.
function isWithoutBoard({ root, state, board, failure }: Repository): boolean {
  const sleeps = state.kind === 'stopped' && root.isProject && !root.hasBoard;
  return sleeps || board !== undefined || failure?.code === 'no-board';
}
