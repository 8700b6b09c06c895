// A command that did not do what was asked for says why, once, to the person who asked.
import { commands, window, type LogOutputChannel } from 'vscode';
import { failureText, messages } from '../messages';
import { inform } from '../inform';
import { SidecarDown, SidecarGone } from '../sidecar/sidecar';
import type { Repository } from '../repository';
import type { Envelope, Failure } from '../wire';
import { nextStep, type NextStep } from './nextStep';

/** The sidecar's no. */
export class Refused extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

/** A no of the extension's own: something was missing before the sidecar could be asked. */
export class NotPossible extends Error {}

/** There was nothing to choose from, which is an answer and no mistake. */
export class NothingToDo extends Error {}

/** The person closed a question: nothing is done, and nothing is said. */
export class Cancelled extends Error {}

export function resultOf<T>(envelope: Envelope<T>): T {
  if (envelope.ok) return envelope.result;
  throw new Refused(envelope.error);
}

/** Not waited for: the command is over, whatever becomes of the message. */
export function tell(error: unknown, log: LogOutputChannel, repository?: Repository): void {
  if (error instanceof Cancelled) return;
  if (error instanceof NothingToDo) inform(error.message);
  else if (error instanceof NotPossible) void window.showWarningMessage(error.message);
  else if (error instanceof Refused) tellRefusal(error.failure, repository);
  else if (error instanceof SidecarDown) offer(messages.sidecarDown, whatIsWrong);
  else if (error instanceof SidecarGone) offer(messages.sidecarGone, whatIsWrong);
  else tellDefect(error, log);
}

const showLog: NextStep = { label: messages.button.showLog, command: 'remit.showLog' };

const whatIsWrong: NextStep = { label: messages.button.why, command: 'remit.showTrouble' };

function tellRefusal(failure: Failure, repository: Repository | undefined): void {
  if (failure.kind === 'nothing') inform(failureText(failure));
  else if (failure.code === 'no-board') offer(messages.noBoard, nextStep(failure));
  else offer(failureText(failure), nextStep(failure), repository);
}

function tellDefect(error: unknown, log: LogOutputChannel): void {
  log.error(error instanceof Error ? error : String(error));
  const text = error instanceof Error ? error.message : String(error);
  offer(messages.defect(text), showLog);
}

function offer(text: string, next: NextStep | undefined, repository?: Repository): void {
  void window.showErrorMessage(text, ...(next ? [next.label] : [])).then((choice) => {
    if (next && choice === next.label) void commands.executeCommand(next.command, { repository, module: next.module });
  });
}
