// Every command, once. The manifest declares the same names; a test compares the two.
import { commands, type Disposable } from 'vscode';
import { messages } from '../messages';
import { assign } from './ask';
import { claimModule, claimNext, claimPaths, takeOver } from './claim';
import { compareWithOtherSide } from './compare';
import type { CommandContext, WindowContext } from './context';
import { tell } from './errors';
import { clearFilter, filterBoard, findInBoard } from './filter';
import { acknowledgeHandoff, claimHandoff, handOff, openHandoff, openStatus } from './handoff';
import { addModule, confirmCandidates, editModule } from './modules';
import { ignoreHere } from './ignore';
import { confirmed, move, optional, required } from './moves';
import { acknowledgeNotifications } from './notifications';
import { addToMyPaths, inferPaths } from './paths';
import { importPlan } from './plan';
import { preflight } from './preflight';
import { resume, startNextReview, startReview } from './review';
import { repositoryFor, targetOf } from './target';
import { bootstrap, refresh, restartSidecar, showGraph, showLog, showTrouble } from './window';

const { ask: why, confirm } = messages;

/** On the board of one repository. */
export const BOARD_COMMANDS: Record<string, (context: CommandContext) => Promise<void>> = {
  'remit.claimModule': claimModule,
  'remit.claimNext': claimNext,
  'remit.claimPaths': claimPaths,
  'remit.takeOver': takeOver,
  'remit.resume': resume,
  'remit.release': move('release'),
  'remit.finish': move('finish'),
  'remit.submitForReview': move('submit'),
  'remit.block': move('block', required(why.block)),
  'remit.unblock': move('unblock'),
  'remit.reclaim': move('reclaim'),
  'remit.cancel': move('cancel', confirmed(confirm.cancel, confirm.cancelButton)),
  'remit.startReview': startReview,
  'remit.startNextReview': startNextReview,
  'remit.approve': move('approve'),
  'remit.requestChanges': move('request-changes', required(why.changes)),
  'remit.assign': assign,
  'remit.requestHandoff': move('request-handoff', optional(why.handoff)),
  'remit.handOff': handOff,
  'remit.claimHandoff': claimHandoff,
  'remit.acknowledgeHandoff': acknowledgeHandoff,
  'remit.openHandoff': openHandoff,
  'remit.acknowledgeNotifications': acknowledgeNotifications,
  'remit.addModule': addModule,
  'remit.editModule': editModule,
  'remit.confirmCandidates': confirmCandidates,
  'remit.importPlan': importPlan,
  'remit.addToMyPaths': addToMyPaths,
  'remit.inferPaths': inferPaths,
  'remit.ignoreHere': ignoreHere,
  'remit.compareWithOtherSide': compareWithOtherSide,
  'remit.preflight': preflight,
  'remit.bootstrap': bootstrap,
  'remit.openStatus': openStatus,
  'remit.showGraph': showGraph,
};

/** On the window as a whole. */
export const WINDOW_COMMANDS: Record<string, (context: WindowContext) => Promise<void>> = {
  'remit.filterBoard': filterBoard,
  'remit.clearFilter': clearFilter,
  'remit.findInBoard': findInBoard,
  'remit.refresh': refresh,
  'remit.restartSidecar': restartSidecar,
  'remit.showLog': showLog,
  'remit.showTrouble': showTrouble,
};

export function registerCommands(window: WindowContext): Disposable[] {
  const ofBoard = Object.entries(BOARD_COMMANDS).map(([id, run]) =>
    register(id, window, async (args) => {
      const target = targetOf(args);
      const repository = await repositoryFor(target, window.repositories);
      await repository.wake();
      await run({ ...window, target, repository }).catch((error: unknown) => tell(error, window.log, repository));
    }),
  );
  const ofWindow = Object.entries(WINDOW_COMMANDS).map(([id, run]) => register(id, window, () => run(window)));
  return [...ofBoard, ...ofWindow];
}

function register(id: string, { log }: WindowContext, run: (args: unknown[]) => Promise<void>): Disposable {
  return commands.registerCommand(id, (...args: unknown[]) => run(args).catch((error: unknown) => tell(error, log)));
}
