// What somebody else has where lines collide, beside what one has oneself: VS Code's own diff editor, theirs on the left.
import { posix } from 'node:path';
import { commands, type TextDocumentShowOptions, Uri, window, workspace } from 'vscode';
import { messages } from '../messages';
import type { Repository } from '../repository';
import type { CommandContext } from './context';
import { NothingToDo, NotPossible } from './errors';
import { choose } from './pick';
import { boardOf } from './target';

interface Comparison {
  path: string;
  /** The file that shows the other side. */
  theirs: Uri;
  side: string;
}

export async function compareWithOtherSide({ repository, target }: CommandContext): Promise<void> {
  const { ground } = repository;
  if (!ground) throw new NotPossible(messages.sidecarDown);
  const { path, theirs, side } = comparison(target.path, target.compareWith, target.side) ?? (await pickComparison(repository));
  const mine = ground.uriOf(path);
  // What lies on the disk under unsaved text has the same address as that.
  if (ground.pathOf(theirs) === path) return commands.executeCommand('workbench.files.action.compareWithSaved', mine);
  await workspace.fs.stat(theirs).then(undefined, () => {
    throw new NotPossible(messages.otherSideGone(theirs.fsPath));
  });
  await commands.executeCommand('vscode.diff', theirs, mine, messages.compared(posix.basename(path), side), whereIAm(mine));
}

function comparison(path?: string | null, compareWith?: string | null, side?: string | null): Comparison | undefined {
  return path && compareWith ? { path, theirs: Uri.file(compareWith), side: side ?? '' } : undefined;
}

/** The quick fix is asked for at a line: the diff begins there. */
function whereIAm(mine: Uri): TextDocumentShowOptions {
  const editor = window.activeTextEditor;
  return editor?.document.uri.toString() === mine.toString() ? { selection: editor.selection } : {};
}

/** From the palette: of the open file, else of any. */
async function pickComparison(repository: Repository): Promise<Comparison> {
  const all = boardOf(repository).conflicts.flatMap(({ path, compare_with, side }) => comparison(path, compare_with, side) ?? []);
  const open = window.activeTextEditor && repository.ground?.pathOf(window.activeTextEditor.document.uri);
  const here = all.filter(({ path }) => path === open);
  const among = here.length > 0 ? here : all;
  const [only, another] = among;
  if (!only) throw new NothingToDo(messages.nothingToCompare);
  if (!another) return only;
  return choose(messages.pick.compare, among.map((value) => ({ label: value.side, description: value.path, value })));
}
