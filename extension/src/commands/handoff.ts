// Handing work over, and taking it.
import { commands, type Uri, Uri as uris, workspace } from 'vscode';
import { inform } from '../inform';
import { messages } from '../messages';
import type { Repository } from '../repository';
import { targetText } from '../words';
import type { BoardHandoff, BoardReply } from '../wire';
import { afterClaim, pickMine, terms } from './claim';
import type { CommandContext } from './context';
import { NotPossible, resultOf } from './errors';
import { agentChoices, ask, askList, choose, chooseAny, pickHandoff } from './pick';
import { boardOf } from './target';

export async function handOff({ repository, target }: CommandContext): Promise<void> {
  const module = target.module ?? (await pickMine(repository, 'handoff-bundle', messages.pick.handOff)).id;
  const board = boardOf(repository);
  const to = await choose(messages.pick.target(module), targets(board));
  const summary = await ask(messages.ask.summary(module), { placeHolder: messages.ask.summaryHint });
  const next_steps = await askList(messages.ask.nextStep, messages.ask.nextStepHint);
  const bundle = { module, to, next_steps, ...(summary ? { summary } : {}), ...(await askForMore(module)) };
  const { handoff } = resultOf(await repository.sidecar.command('handoff-bundle', bundle));
  inform(messages.handedOff(module, targetText(board, handoff.to)));
  await repository.refresh();
}

type More = Partial<Record<keyof typeof messages.bundle, string[]>>;

/** What a bundle can also say: asked for where somebody wants to, and passed by one Enter. */
async function askForMore(module: string): Promise<More> {
  const { bundle } = messages;
  const fields = Object.keys(bundle) as (keyof typeof bundle)[];
  const choices = fields.map((field) => ({ label: bundle[field].label, description: bundle[field].detail, value: field }));
  const more: More = {};
  for (const field of await chooseAny(messages.pick.more(module), choices)) {
    more[field] = await askList((count) => bundle[field].question(count), messages.ask.nextStepHint);
  }
  return more;
}

function targets(board: BoardReply) {
  const { target } = messages;
  const others = board.agents.filter(({ id }) => id !== board.me?.agent_id);
  const specialties = [...new Set(others.flatMap((agent) => agent.specialties))].sort();
  const people = agentChoices(board, others).map((choice) => ({ ...choice, value: `agent:${choice.value}` }));
  return [
    { label: target.workers, detail: target.workersDetail, value: 'workers' },
    { label: target.reviewers, detail: target.reviewersDetail, value: 'reviewers' },
    ...specialties.map((one) => ({ label: target.specialty(one), value: `workers:${one}` })),
    ...people,
  ];
}

export async function claimHandoff({ repository, target }: CommandContext): Promise<void> {
  const offered = (handoff: BoardHandoff): boolean => handoff.for_me;
  const pick = { placeHolder: messages.pick.claimHandoff, none: messages.nothingOffered, among: offered };
  const module = target.module ?? (await pickHandoff(boardOf(repository), pick)).module;
  const claimed = resultOf(await repository.sidecar.command('claim-handoff', { module, ...terms(repository) }));
  await afterClaim(repository, claimed.module, claimed.conflicts);
}

export async function acknowledgeHandoff({ repository, target }: CommandContext): Promise<void> {
  const unread = (handoff: BoardHandoff): boolean => handoff.to_acknowledge;
  const pick = { placeHolder: messages.pick.acknowledge, none: messages.nothingToAcknowledge, among: unread };
  const module = target.module ?? (await pickHandoff(boardOf(repository), pick)).module;
  resultOf(await repository.sidecar.command('ack-handoff', { module }));
  inform(messages.acknowledged(module));
  await repository.refresh();
}

export async function openHandoff({ repository, target }: CommandContext): Promise<void> {
  const board = boardOf(repository);
  const newest = (module: string): BoardHandoff | undefined => board.handoffs.findLast((one) => one.module === module);
  const pick = { placeHolder: messages.pick.openHandoff, none: messages.noHandoffs, among: () => true };
  const handoff = (target.module ? newest(target.module) : undefined) ?? (await pickHandoff(board, pick));
  await preview(boardFile(repository, handoff.path), messages.bundleMissing(handoff.module));
}

export async function openStatus({ repository }: CommandContext): Promise<void> {
  boardOf(repository);
  await preview(boardFile(repository, 'project-plan/STATUS.md'), messages.statusMissing);
}

function boardFile(repository: Repository, path: string): Uri {
  return uris.joinPath(uris.file(boardOf(repository).root), ...path.split('/'));
}

/** The board's files are written a moment after the command that changed it. */
const WRITTEN_WITHIN_MS = 3000;
const LOOK_AGAIN_MS = 100;

async function preview(file: Uri, missing: string): Promise<void> {
  const deadline = Date.now() + WRITTEN_WITHIN_MS;
  while (!(await isThere(file))) {
    if (Date.now() > deadline) throw new NotPossible(missing);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  await commands.executeCommand('markdown.showPreview', file);
}

const isThere = (file: Uri): Thenable<boolean> =>
  workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
