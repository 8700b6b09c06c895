// Saying that notifications were seen: one with all before it, or all of them.
import { inform } from '../inform';
import { messages } from '../messages';
import type { CommandContext } from './context';
import { NothingToDo, resultOf } from './errors';
import { boardOf } from './target';

export async function acknowledgeNotifications({ repository, target }: CommandContext): Promise<void> {
  const { notifications, cursor_id } = boardOf(repository);
  const up_to = target.sequence ?? notifications.at(-1)?.seq;
  if (up_to === undefined) throw new NothingToDo(messages.nothingToSee);
  resultOf(await repository.sidecar.command('ack-notifications', { cursor_id, up_to }));
  inform(messages.seen(notifications.filter(({ seq }) => seq <= up_to).length));
  await repository.refresh();
}
