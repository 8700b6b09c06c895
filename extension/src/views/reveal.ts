// Shows a module where it can be worked with: in the Board view.
import type { Repository } from '../repository';
import type { Filter } from './filter';
import type { Tree } from './tree';

/** What the person asked to see is not hidden by what they looked for before. */
export async function revealModule(board: Tree, filter: Filter, repository: Repository, module: string): Promise<void> {
  if (await board.reveal(repository, module)) return;
  filter.set('');
  await board.reveal(repository, module);
}
