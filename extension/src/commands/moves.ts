// The steps of a module's life that need nothing but the module, and now and then a reason.
import { window } from 'vscode';
import { inform } from '../inform';
import { messages } from '../messages';
import type { CommandContext } from './context';
import { Cancelled, resultOf } from './errors';
import { ask, pickModule } from './pick';
import { boardOf } from './target';

/** Commands of the sidecar, which are also the names of the actions that it offers. */
type Step = keyof typeof messages.steps;
type Reason = (module: string) => Promise<{ reason?: string }>;

/** Asks which module unless that is known, then why, then does it. */
export function move(step: Step, ask: Reason = () => Promise.resolve({})): (context: CommandContext) => Promise<void> {
  return async ({ repository, target }) => {
    const words = messages.steps[step];
    const among = ({ actions }: { actions: string[] }): boolean => actions.includes(step);
    const pick = { placeHolder: words.question, none: words.none, among };
    const module = target.module ?? (await pickModule(boardOf(repository), pick)).id;
    const more = await ask(module);
    resultOf(await repository.sidecar.command(step, { module, ...more }));
    inform(words.done(module));
    await repository.refresh();
  };
}

export const required = (prompt: (module: string) => string): Reason => async (module) => {
  const flaw = (text: string): string | undefined => (text.trim() === '' ? messages.ask.reasonNeeded : undefined);
  return { reason: await ask(prompt(module), { validateInput: flaw }) };
};

export const optional = (prompt: (module: string) => string): Reason => async (module) => {
  const reason = await ask(prompt(module), { placeHolder: messages.ask.enterIsFine });
  return reason ? { reason } : {};
};

/** For what can't be taken back. */
export const confirmed = (question: (module: string) => string, button: string): Reason => async (module) => {
  const options = { modal: true, detail: messages.confirm.detail };
  if ((await window.showWarningMessage(question(module), options, button)) !== button) throw new Cancelled();
  return {};
};
