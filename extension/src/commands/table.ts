// Every command, once. The manifest declares the same names; a test compares the two.
import { commands, type Disposable } from 'vscode';
import { claimModule, claimNext, claimPaths, finish, release, takeOver } from './claim';
import type { CommandContext, WindowContext } from './context';
import { tell } from './errors';
import { acknowledgeHandoff, claimHandoff, handOff, openHandoff, openStatus } from './handoff';
import { addModule, addToMyPaths, inferPaths } from './paths';
import { repositoryFor, targetOf } from './target';
import { bootstrap, refresh, restartSidecar, showLog } from './window';

/** On the board of one repository. */
export const BOARD_COMMANDS: Record<string, (context: CommandContext) => Promise<void>> = {
  'remit.claimModule': claimModule,
  'remit.claimNext': claimNext,
  'remit.claimPaths': claimPaths,
  'remit.addToMyPaths': addToMyPaths,
  'remit.release': release,
  'remit.finish': finish,
  'remit.handOff': handOff,
  'remit.claimHandoff': claimHandoff,
  'remit.acknowledgeHandoff': acknowledgeHandoff,
  'remit.openHandoff': openHandoff,
  'remit.takeOver': takeOver,
  'remit.inferPaths': inferPaths,
  'remit.addModule': addModule,
  'remit.bootstrap': bootstrap,
  'remit.openStatus': openStatus,
};

/** On the window as a whole. */
export const WINDOW_COMMANDS: Record<string, (context: WindowContext) => Promise<void>> = {
  'remit.refresh': refresh,
  'remit.restartSidecar': restartSidecar,
  'remit.showLog': showLog,
};

export function registerCommands(window: WindowContext): Disposable[] {
  const ofBoard = Object.entries(BOARD_COMMANDS).map(([id, run]) =>
    register(id, window, async (args) => {
      const target = targetOf(args);
      await run({ ...window, target, repository: await repositoryFor(target, window.repositories) });
    }),
  );
  const ofWindow = Object.entries(WINDOW_COMMANDS).map(([id, run]) => register(id, window, () => run(window)));
  return [...ofBoard, ...ofWindow];
}

function register(id: string, { log }: WindowContext, run: (args: unknown[]) => Promise<void>): Disposable {
  return commands.registerCommand(id, (...args: unknown[]) => run(args).catch((error: unknown) => tell(error, log)));
}
