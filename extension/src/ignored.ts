// What a person does not want to be warned of in one file until the window closes: kept in memory, and nowhere else.
import { type Diagnostic, EventEmitter, languages, type Uri } from 'vscode';
import { Store } from './store';
import type { BoardReply } from './wire';

/** A finding's code, the file that it is about, and the module that stands in the way. */
export interface Cause {
  code: string;
  path: string;
  module?: string | undefined;
}

const keyOf = ({ code, path, module }: Cause): string => JSON.stringify([code, path, module ?? null]);

export class Ignored extends Store {
  private readonly changeEmitter = this.own(new EventEmitter<undefined>());
  readonly onDidChange = this.changeEmitter.event;
  private readonly keys = new Set<string>();

  add(cause: Cause): void {
    this.keys.add(keyOf(cause));
    this.changeEmitter.fire(undefined);
  }

  without(diagnostics: readonly Diagnostic[]): Diagnostic[] {
    return diagnostics.filter((one) => {
      const cause = causeOf(one);
      return !cause || !this.keys.has(keyOf(cause));
    });
  }

  /** The board without the conflicts that the person does not want to see. */
  hide(board: BoardReply): BoardReply {
    if (this.keys.size === 0) return board;
    return { ...board, conflicts: board.conflicts.filter((conflict) => !this.has(conflict)) };
  }

  private has({ code, path, module }: { code: string; path?: string | null; module?: string | null }): boolean {
    return typeof path === 'string' && this.keys.has(keyOf({ code, path, module: module ?? undefined }));
  }
}

/** The sidecar's diagnostics in a file, with their causes. */
export function causesIn(uri: Uri): { message: string; cause: Cause }[] {
  return languages.getDiagnostics(uri).flatMap((one) => {
    const cause = one.source === 'remit' ? causeOf(one) : undefined;
    return cause ? [{ message: one.message, cause }] : [];
  });
}

/** None of a hint that both sides merge: whoever hid it would not see it become a collision. The language client keeps what the sidecar sends with a diagnostic; VS Code's own type does not know it. */
function causeOf(diagnostic: Diagnostic): Cause | undefined {
  const { data } = diagnostic as { data?: Partial<Cause> & { merges?: boolean } };
  if (data?.merges) return undefined;
  return data?.code && data.path ? { code: data.code, path: data.path, module: data.module ?? undefined } : undefined;
}
