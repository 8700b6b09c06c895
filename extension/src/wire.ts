// What travels between the extension and its sidecar: commands, queries and replies by the types that are generated from the
// sidecar's schema, and around them the envelope and the notifications of sidecar/lsp/PROTOCOL.md.
import type * as wire from './wire.generated';

export type {
  BoardAgent,
  BoardDifference,
  BoardGroup,
  BoardHandoff,
  BoardModule,
  BoardNotification,
  BoardReply,
  Conflict,
  EditModule,
  Failure,
  ImportPlan,
  Inferred,
  Lease,
  LineRange,
  Module,
  PathOwner,
  PathOwners,
  Preflight,
  ProposedPath,
  ScopeConflict,
  Session,
  Standing,
} from './wire.generated';

/** Every answer of the sidecar, also the one that says no. */
export type Envelope<T> =
  | { ok: true; revision: number | null; result: T }
  | { ok: false; revision: number | null; error: wire.Failure };

/** Every command and query of the sidecar: name → arguments and reply. */
export type Commands = wire.Wire['commands'];
export type Queries = wire.Wire['queries'];

export interface BoardChanged {
  /** 0 while there is no board. */
  revision: number;
  /** The revision is the same: an expiry passed or was renewed, or this worktree's conflicts are others now. */
  volatile: boolean;
  exists: boolean;
}

/** Whether the sidecar can do its work. */
export interface StatusMessage {
  level: 'ok' | 'warning' | 'error';
  code?: wire.Code;
  /** Empty when all is well. */
  message: string;
  hint?: string;
}

/** Leases of this window passed to somebody else. */
export interface LeaseLost {
  modules: string[];
}

/** What the sidecar says of itself when it starts. */
export interface Hello {
  /** The id that the window has on the board, kept across restarts and reloads; null when the board can't be opened at all. */
  windowId: string | null;
  /** Absolute path: project paths are relative to it. */
  worktree: string | null;
  version: string;
}

/** What the window says of itself to its sidecar. */
export interface InitializationOptions {
  folder: string;
  threadKey?: string;
  role?: string;
  specialties?: string[];
  windowId?: string;
  leaseSeconds?: number;
  /** How much of what this window changes the others are told: `off`, `ranges` or `lines`. */
  presence?: string;
  /** Where a finding's code is explained; `{code}` stands for the code. */
  codeHelp?: string;
}
