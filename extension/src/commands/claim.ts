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

export async function claimModule({ repository, target }: CommandContext): Promise<void> {
  const module = target.module ?? (await pickClaimable(repository)).id;
  await claim(repository, module);
}

const pickClaimable = (repository: Repository): Promise<BoardModule> =>
  pickModule(boardOf(repository), {
    placeHolder: messages.pick.claim,
    none: messages.nothingToClaim,
    among: ({ actions }) => actions.includes('claim'),
  });

export async function takeOver({ repository, target }: CommandContext): Promise<void> {
  const expired = ({ actions }: BoardModule): boolean => actions.includes('take-over');
  const pick = { placeHolder: messages.pick.takeOver, none: messages.nothingExpired, among: expired };
  const module = target.module ?? (await pickModule(boardOf(repository), pick)).id;
  await claim(repository, module);
}

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

export async function release({ repository, target }: CommandContext): Promise<void> {
  const module = target.module ?? (await pickMine(repository, 'release', messages.pick.release)).id;
  resultOf(await repository.sidecar.command('release', { module }));
  inform(messages.released(module));
  await repository.refresh();
}

export async function finish({ repository, target }: CommandContext): Promise<void> {
  const module = target.module ?? (await pickMine(repository, 'finish', messages.pick.finish)).id;
  resultOf(await repository.sidecar.command('finish', { module }));
  inform(messages.finished(module));
  await repository.refresh();
}

/** One of my modules with which the sidecar lets me do `action`. */
export function pickMine(repository: Repository, action: string, placeHolder: string): Promise<BoardModule> {
  return pickModule(boardOf(repository), {
    placeHolder,
    none: messages.nothingMine,
    among: (module) => module.group === 'mine' && module.actions.includes(action),
  });
}

export async function afterClaim(repository: Repository, module: Module, conflicts: readonly ScopeConflict[]): Promise<void> {
  inform(messages.claimed(module.id));
  await repository.refresh();
  warnOfOverlaps(repository, module.id, conflicts);
}

export function warnOfOverlaps(repository: Repository, module: string, conflicts: readonly ScopeConflict[]): void {
  if (conflicts.length === 0) return;
  const board = boardOf(repository);
  // Without a button it goes away by itself; the Conflicts view keeps the matter.
  void window.showWarningMessage(messages.overlap(module, conflicts, (agent) => agentName(board, agent)));
}
