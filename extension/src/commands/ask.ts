// Asking other people: to take a module.
import { inform } from '../inform';
import { messages } from '../messages';
import { agentName } from '../words';
import type { BoardModule } from '../wire';
import type { CommandContext } from './context';
import { resultOf } from './errors';
import { agentChoices, choose, pickModule } from './pick';
import { boardOf } from './target';

export async function assign({ repository, target }: CommandContext): Promise<void> {
  const board = boardOf(repository);
  const free = ({ actions }: BoardModule): boolean => actions.includes('assign');
  const pick = { placeHolder: messages.pick.assign, none: messages.nothingToAssign, among: free };
  const module = target.module ?? (await pickModule(board, pick)).id;
  const to = await choose(messages.pick.assignTo(module), agentChoices(board, board.agents));
  resultOf(await repository.sidecar.command('assign', { module, to: `agent:${to}` }));
  inform(messages.assigned(module, agentName(board, to)));
  await repository.refresh();
}
