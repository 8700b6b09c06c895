// Not being warned of one cause in one file any more, until the window closes.
import { window } from 'vscode';
import { inform } from '../inform';
import { messages } from '../messages';
import { causesIn, type Cause } from '../ignored';
import type { CommandContext } from './context';
import { NothingToDo } from './errors';
import { choose } from './pick';
import { pathsOf, type Target } from './target';

export async function ignoreHere({ repository, target }: CommandContext): Promise<void> {
  const [path] = pathsOf(target, repository);
  if (path === undefined) throw new NothingToDo(messages.nothingToIgnore);
  repository.ignored.add(causeOf(target, path) ?? (await pickCause(path)));
  inform(messages.ignored(path));
}

const causeOf = ({ code, module }: Target, path: string): Cause | undefined => (code ? { code, path, module } : undefined);

/** From the palette: what is wrong in the open file. */
function pickCause(path: string): Promise<Cause> | Cause {
  const uri = window.activeTextEditor?.document.uri;
  const causes = uri ? causesIn(uri).filter(({ cause }) => cause.path === path) : [];
  const [only, another] = causes;
  if (!only) throw new NothingToDo(messages.nothingToIgnore);
  if (!another) return only.cause;
  return choose(messages.pick.ignore, causes.map(({ message, cause }) => ({ label: message, value: cause })));
}
