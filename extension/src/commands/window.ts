// What concerns the window: its board, its sidecar, its log.
import { commands, window } from 'vscode';
import { inform } from '../inform';
import { messages } from '../messages';
import { type Trouble, troubleOf, warningOf } from '../trouble';
import type { CommandContext, WindowContext } from './context';
import { resultOf } from './errors';
import { boardOf } from './target';

export async function bootstrap({ repository }: CommandContext): Promise<void> {
  await repository.start();
  const { board, created } = resultOf(await repository.sidecar.command('bootstrap', {}));
  await repository.refresh();
  inform(created ? messages.boardMade(board) : messages.boardThere);
}

export function showGraph({ repository, graphs }: CommandContext): Promise<void> {
  boardOf(repository);
  graphs.show(repository);
  return Promise.resolve();
}

export async function refresh({ repositories }: WindowContext): Promise<void> {
  await repositories.update();
  await Promise.all(repositories.all.map((one) => one.refresh()));
  inform(messages.refreshed);
}

export async function restartSidecar({ repositories }: WindowContext): Promise<void> {
  await Promise.all(repositories.all.filter(({ root, state }) => root.isProject || state.kind !== 'stopped').map((one) => one.restart()));
  inform(messages.restarted);
}

export function showLog({ log }: WindowContext): Promise<void> {
  log.show(true);
  return Promise.resolve();
}

/** What the status bar's item says, whole, with what can be done about it. */
export function showTrouble({ repositories }: WindowContext): Promise<void> {
  const wrong = repositories.all.map((one) => troubleOf(one) ?? warningOf(one)).filter((one) => one !== undefined);
  if (wrong.length === 0) inform(messages.allIsWell);
  else offerHelp(wrong);
  return Promise.resolve();
}

// Not waited for: the command is over, whatever becomes of the message.
function offerHelp(wrong: readonly Trouble[]): void {
  const { button } = messages;
  const help = new Map([[button.restart, 'remit.restartSidecar'], [button.showLog, 'remit.showLog']] as [string, string][]);
  if (wrong.some(({ reload }) => reload)) help.set(button.reload, 'workbench.action.reloadWindow');
  const text = `Remit: ${[...new Set(wrong.map(({ reason }) => reason))].join(' ')}`;
  void window.showWarningMessage(text, ...help.keys()).then((choice) => {
    const command = choice && help.get(choice);
    if (command) void commands.executeCommand(command);
  });
}
