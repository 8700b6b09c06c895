// Narrowing the Board view, and looking for a row in it.
import { commands } from 'vscode';
import { messages } from '../messages';
import type { WindowContext } from './context';
import { ask } from './pick';

export async function filterBoard({ filter }: WindowContext): Promise<void> {
  filter.set(await ask(messages.ask.filter, { value: filter.text, placeHolder: messages.ask.filterHint, ignoreFocusOut: false }));
}

export function clearFilter({ filter }: WindowContext): Promise<void> {
  filter.set('');
  return Promise.resolve();
}

/** The tree's own search: it needs the keyboard in the view. */
export async function findInBoard(): Promise<void> {
  await commands.executeCommand('remit.board.focus');
  await commands.executeCommand('list.find');
}
