// Looking at what others have submitted, and going on with one's own work afterwards.
import { messages } from '../messages';
import type { BoardModule } from '../wire';
import { afterClaim, claimOf, terms } from './claim';
import type { CommandContext } from './context';
import { resultOf } from './errors';
import { pickModule } from './pick';
import { boardOf } from './target';

export async function startReview({ repository, target }: CommandContext): Promise<void> {
  const waiting = ({ actions }: BoardModule): boolean => actions.includes('start-review');
  const pick = { placeHolder: messages.pick.startReview, none: messages.nothingToReview, among: waiting };
  const module = target.module ?? (await pickModule(boardOf(repository), pick)).id;
  const claimed = resultOf(await repository.sidecar.command('start-review', { module, ...terms(repository) }));
  await afterClaim(repository, claimed.module, claimed.conflicts, messages.reviewing);
}

export async function startNextReview({ repository }: CommandContext): Promise<void> {
  boardOf(repository);
  const claimed = resultOf(await repository.sidecar.command('claim-review-next', terms(repository)));
  await afterClaim(repository, claimed.module, claimed.conflicts, messages.reviewing);
}

/** After changes were asked for, or when another process of this agent has taken the lease up: a claim fetches its token. */
export const resume = claimOf('resume', messages.pick.resume, messages.nothingToResume);
