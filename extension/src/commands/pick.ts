// The questions that commands ask: quick picks and input boxes, each cancelled by Escape without a word.
import { type InputBoxOptions, type QuickPickItem, window } from 'vscode';
import { messages } from '../messages';
import type { Repository } from '../repository';
import { agentName, leaseText } from '../words';
import type { BoardAgent, BoardHandoff, BoardModule, BoardReply } from '../wire';
import { Cancelled, NothingToDo } from './errors';

interface Choice<T> extends QuickPickItem {
  value: T;
}

export async function choose<T>(placeHolder: string, choices: readonly Choice<T>[], title?: string): Promise<T> {
  // A step of several has a title. It outlives a look elsewhere, or the answers before it would be lost.
  const step = title ? { title, ignoreFocusOut: true } : {};
  const options = { placeHolder, matchOnDescription: true, matchOnDetail: true, ...step };
  const picked = await window.showQuickPick([...choices], options);
  if (!picked) throw new Cancelled();
  return picked.value;
}

export async function chooseSeveral<T>(placeHolder: string, choices: readonly Choice<T>[]): Promise<T[]> {
  const picked = await chooseAny(placeHolder, choices);
  if (picked.length === 0) throw new Cancelled();
  return picked;
}

/** Also none of them. */
export async function chooseAny<T>(placeHolder: string, choices: readonly Choice<T>[]): Promise<T[]> {
  const picked = await window.showQuickPick([...choices], { placeHolder, canPickMany: true, matchOnDescription: true, matchOnDetail: true });
  if (!picked) throw new Cancelled();
  return picked.map(({ value }) => value);
}

/** An answer may be empty; none is a cancellation. */
export async function ask(prompt: string, options: InputBoxOptions = {}): Promise<string> {
  const text = await window.showInputBox({ prompt, ignoreFocusOut: true, ...options });
  if (text === undefined) throw new Cancelled();
  return text.trim();
}

/** Asks for one after another until an empty answer. */
export async function askList(prompt: (count: number) => string, placeHolder: string): Promise<string[]> {
  const answers: string[] = [];
  for (;;) {
    const answer = await ask(prompt(answers.length), { placeHolder });
    if (answer === '') return answers;
    answers.push(answer);
  }
}

export function pickRepository(repositories: readonly Repository[]): Promise<Repository> {
  const choices = repositories.map((one) => ({ label: one.name, description: one.root.path, value: one }));
  return choose(messages.pick.repository, choices);
}

/** Asks also when there is only one: a claim or a release deserves a look. */
export function pickModule(
  board: BoardReply,
  { placeHolder, none, among }: { placeHolder: string; none: string; among: (module: BoardModule) => boolean },
): Promise<BoardModule> {
  const modules = board.modules.filter(among);
  if (modules.length === 0) throw new NothingToDo(none);
  return choose(placeHolder, modules.map((module) => moduleChoice(board, module)));
}

function moduleChoice(board: BoardReply, module: BoardModule): Choice<BoardModule> {
  const held = module.lease ? [`${agentName(board, module.lease.holder)}, ${leaseText(module.lease)}`] : [];
  const detail = [...module.reasons, ...held].join(' · ');
  return { label: module.id, description: titleBeside(module), ...(detail ? { detail } : {}), value: module };
}

/** A title that only repeats the id says nothing. */
const titleBeside = ({ id, title }: BoardModule): string => (title === id ? '' : title);

/** Those who are here now stand first. */
export function agentChoices(board: BoardReply, agents: readonly BoardAgent[]): Choice<string>[] {
  const choices = agents.map(({ id, role, specialties, live }) => ({
    label: agentName(board, id),
    description: [role, ...specialties].join(', '),
    detail: live ? messages.target.live : messages.target.away,
    live,
    value: id,
  }));
  return choices.sort((a, b) => Number(b.live) - Number(a.live));
}

export function pickHandoff(
  board: BoardReply,
  { placeHolder, none, among }: { placeHolder: string; none: string; among: (handoff: BoardHandoff) => boolean },
): Promise<BoardHandoff> {
  const handoffs = board.handoffs.filter(among);
  if (handoffs.length === 0) throw new NothingToDo(none);
  const choices = handoffs.map((handoff) => ({
    label: handoff.module,
    description: `${handoff.status}, from ${agentName(board, handoff.from)}`,
    ...(handoff.summary ? { detail: handoff.summary } : {}),
    value: handoff,
  }));
  return choose(placeHolder, choices);
}
