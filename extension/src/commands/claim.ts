// Taking work and giving it back.
import { window } from 'vscode';
import { inform } from '../inform';
import { messages } from '../messages';
import type { Repository } from '../repository';
import { leaseOf } from '../settings';
import { agentName } from '../words';
import type { BoardModule, Module, ScopeConflict } from '../wire';
import type { CommandContext } from './context';
import { resultOf } from './errors';
import { ask, pickModule } from './pick';
import { boardOf, pathsOf } from './target';

/** A claim of a module with which the sidecar offers `action`, which is a claim under another name. */
export function claimOf(action: string, placeHolder: string, none: string): (context: CommandContext) => Promise<void> {
  return async ({ repository, target }) => {
    const among = ({ actions }: BoardModule): boolean => actions.includes(action);
    const module = target.module ?? (await pickModule(boardOf(repository), { placeHolder, none, among })).id;
    await claim(repository, module);
  };
}

export const claimModule = claimOf('claim', messages.pick.claim, messages.nothingToClaim);
export const takeOver = claimOf('take-over', messages.pick.takeOver, messages.nothingExpired);

async function claim(repository: Repository, module: string): Promise<void> {
  const claimed = resultOf(await repository.sidecar.command('claim', { module, ...terms(repository) }));
  await afterClaim(repository, claimed.module, claimed.conflicts);
}

/** How long the lease of a claim of this window runs. */
export const terms = ({ root }: Repository): { ttl_seconds?: number } => leaseOf(root.folders[0], 'ttl_seconds');

export async function claimNext({ repository }: CommandContext): Promise<void> {
  boardOf(repository);
  const claimed = resultOf(await repository.sidecar.command('claim-next', terms(repository)));
  await afterClaim(repository, claimed.module, claimed.conflicts);
}

export async function claimPaths({ repository, target }: CommandContext): Promise<void> {
  boardOf(repository);
  const paths = pathsOf(target, repository);
  const reason = await ask(messages.ask.reason(paths.length), {
    title: paths.join(', '),
    placeHolder: messages.ask.reasonHint,
  });
  const claim = { paths, ...(reason ? { reason } : {}), ...terms(repository) };
  const claimed = resultOf(await repository.sidecar.command('claim-paths', claim));
  await afterClaim(repository, claimed.module, claimed.conflicts);
}

/** One of my modules with which the sidecar lets me do `action`. */
export function pickMine(repository: Repository, action: string, placeHolder: string): Promise<BoardModule> {
  return pickModule(boardOf(repository), {
    placeHolder,
    none: messages.nothingMine,
    among: (module) => module.group === 'mine' && module.actions.includes(action),
  });
}

export async function afterClaim(
  repository: Repository,
  module: Module,
  conflicts: readonly ScopeConflict[],
  news: (module: string) => string = messages.claimed,
): Promise<void> {
  inform(news(module.id));
  await repository.refresh();
  warnOfOverlaps(repository, module.id, conflicts);
}

export function warnOfOverlaps(repository: Repository, module: string, conflicts: readonly ScopeConflict[]): void {
  if (conflicts.length === 0) return;
  const board = boardOf(repository);
  // Without a button it goes away by itself; the Conflicts view keeps the matter.
  void window.showWarningMessage(messages.overlap(module, conflicts, (agent) => agentName(board, agent)));
}
