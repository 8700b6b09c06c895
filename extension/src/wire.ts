// What travels between the extension and its sidecar. The types are generated from the sidecar's schema; this file only
// says which arguments and which reply belong to which name.
import type * as wire from './wire.generated';

export type {
  Agent,
  BoardGroup,
  BoardHandoff,
  BoardModule,
  BoardReply,
  Conflict,
  Failure,
  Inferred,
  Lease,
  Module,
  PathOwner,
  PathOwners,
  ProposedPath,
  ScopeConflict,
} from './wire.generated';

/** Every answer of the sidecar, also the one that says no. */
export type Envelope<T> =
  | { ok: true; revision: number | null; result: T }
  | { ok: false; revision: number | null; error: wire.Failure };

/** The commands that the extension sends: name → [arguments, reply]. */
export interface Commands {
  'add-module': [wire.AddModule, wire.ModuleChanged];
  'ack-handoff': [wire.AckHandoff, wire.HandedOver];
  bootstrap: [wire.Bootstrap, wire.Bootstrapped];
  claim: [wire.Claim, wire.Claimed];
  'claim-handoff': [wire.ClaimHandoff, wire.Claimed];
  'claim-next': [wire.ClaimNext, wire.Claimed];
  'claim-paths': [wire.ClaimPaths, wire.Claimed];
  'edit-module': [wire.EditModule, wire.ModuleChanged];
  finish: [wire.Finish, wire.ModuleChanged];
  'handoff-bundle': [wire.HandoffBundle, wire.HandedOver];
  'infer-paths': [wire.InferPaths, wire.Inferred];
  release: [wire.Release, wire.ModuleChanged];
}

/** The questions that the extension asks: name → [arguments, answer]. */
export interface Queries {
  show: [wire.Show, wire.ModuleShown];
  'who-owns': [wire.WhoOwns, wire.OwnersReply];
}

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
}
