// The one confirmation of where one works, and how the team shares the board: three questions, each with what it means.
import { inform } from '../inform';
import { messages } from '../messages';
import type { BoardReply, Preflight } from '../wire';
import type { CommandContext } from './context';
import { Cancelled, resultOf } from './errors';
import { choose } from './pick';
import { boardOf } from './target';

const { preflight: words } = messages;

export async function preflight({ repository }: CommandContext): Promise<void> {
  const board = boardOf(repository);
  await confirmPlace(board);
  const team = await choose(words.team, words.teams.map(({ label, detail, topology }) => ({ label, detail, value: topology })), words.title(2));
  const safety_profile = await choose(words.safety, profiles(board), words.title(3));
  const answers: Preflight = { confirm_workspace: true, confirm_branch: true, safety_profile, ...team };
  const { mode, branch, reasons } = resultOf(await repository.sidecar.command('preflight', answers));
  inform(words.done(branch, mode, reasons[0]));
  await repository.refresh();
}

async function confirmPlace(board: BoardReply): Promise<void> {
  const place = words.place(board.worktree ?? board.root, board.me?.branch ?? words.noBranch);
  const answers = [
    { label: words.yes, value: true },
    { label: words.no, detail: words.noDetail, value: false },
  ];
  if (!(await choose(place, answers, words.title(1)))) throw new Cancelled();
}

/** What is in force now stands first. */
function profiles({ safety }: BoardReply) {
  const choices = words.profiles.map(({ value, detail }) => {
    const now = value === safety.profile;
    return { label: value, detail, value, ...(now ? { description: words.now } : {}) };
  });
  return choices.sort((a, b) => Number(b.value === safety.profile) - Number(a.value === safety.profile));
}
