// What concerns the window: its board, its sidecar, its log.
import { inform } from '../inform';
import { messages } from '../messages';
import type { CommandContext, WindowContext } from './context';
import { resultOf } from './errors';

export async function bootstrap({ repository }: CommandContext): Promise<void> {
  await repository.start();
  const { board, created } = resultOf(await repository.sidecar.command('bootstrap', {}));
  await repository.refresh();
  inform(created ? messages.boardMade(board) : messages.boardThere);
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
