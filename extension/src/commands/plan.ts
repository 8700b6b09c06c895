// A plan is a JSON file of modules: the open one goes onto the board in one step, all of it or nothing.
import { type TextDocument, type Uri, window, workspace } from 'vscode';
import { inform } from '../inform';
import { messages } from '../messages';
import type { ImportPlan } from '../wire';
import type { CommandContext } from './context';
import { NotPossible, resultOf } from './errors';
import { boardOf, type Target } from './target';

export async function importPlan({ repository, target }: CommandContext): Promise<void> {
  boardOf(repository);
  const plan = read(await documentOf(target));
  const { modules } = resultOf(await repository.sidecar.command('import-plan', plan));
  inform(messages.imported(modules.length));
  await repository.refresh();
}

/** Also what is not saved yet: that is what the person looks at. */
async function documentOf({ uris: [uri] }: Target): Promise<TextDocument> {
  const file: Uri | undefined = uri ?? window.activeTextEditor?.document.uri;
  if (!file) throw new NotPossible(messages.noPlan);
  return workspace.openTextDocument(file);
}

/** What is in it is for the sidecar to judge. */
function read(document: TextDocument): ImportPlan {
  const name = workspace.asRelativePath(document.uri);
  let plan: unknown;
  try {
    plan = JSON.parse(document.getText());
  } catch (error) {
    throw new NotPossible(messages.planFlaw(name, error instanceof Error ? error.message : String(error)));
  }
  if (typeof plan !== 'object' || plan === null || !('modules' in plan)) throw new NotPossible(messages.planWithoutModules(name));
  return { modules: plan.modules as ImportPlan['modules'] };
}
