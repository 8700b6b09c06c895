// What is wrong with a repository, in the words that the status bar and its message have for it. This is the one place that
// decides what counts as trouble.
import { failureText, messages } from './messages';
import type { Repository } from './repository';

export interface Trouble {
  /** A few words. */
  text: string;
  /** What happened, and what happens next. */
  reason: string;
  /** Another window of VS Code would do better. */
  reload: boolean;
}

const { status: words } = messages;

/** What keeps the repository's board from being used. */
export function troubleOf({ state, status, failure, sidecar }: Repository): Trouble | undefined {
  if (state.kind === 'stopped') return undefined;
  if (state.kind === 'down') {
    return { text: words.down, reason: words.downHint(state.reason, state.gaveUp), reload: false };
  }
  const wrong = status?.level === 'error' ? status : failure;
  if (!wrong || wrong.code === 'no-board') return undefined;
  const reload = wrong.code === 'schema-newer';
  return { text: words.trouble, reason: failureText(wrong), reload: reload || sidecar.isOutdated };
}

/** What the board can be used with all the same. */
export function warningOf({ state, status, sidecar }: Repository): Trouble | undefined {
  if (sidecar.isOutdated) return { text: words.trouble, reason: words.outdated, reload: true };
  if (status?.level === 'warning') return { text: words.trouble, reason: failureText(status), reload: false };
  if (state.kind === 'running' && sidecar.isOfAnotherVersion) {
    return { text: words.trouble, reason: words.otherVersion(state.hello.version, sidecar.expectedVersion), reload: false };
  }
  return undefined;
}
