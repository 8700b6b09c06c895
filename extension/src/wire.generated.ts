// Provisional: `npm run wire` makes this file from `remit schema`.
/* eslint-disable */

export type AgentId = string;
export type ModuleId = string;
export type SessionId = string;
export type ProjectPath = string;
export type Pattern = string;
export type Role = 'worker' | 'reviewer' | 'coordinator';
export type Status = 'todo' | 'in-progress' | 'blocked' | 'review-ready' | 'in-review' | 'done' | 'cancelled';
export type SafetyProfile = 'safe' | 'balanced' | 'throughput';
export type HandoffStatus = 'offered' | 'claimed' | 'acknowledged' | 'withdrawn';
export type FindingCode = 'path-owned-by-other' | 'scope-overlap' | 'outside-my-scope' | 'lease-expired';
export type BoardGroup = 'mine' | 'ready' | 'others' | 'waiting' | 'in-review' | 'blocked' | 'done';
export type Kind = 'refused' | 'invalid' | 'nothing' | 'unavailable' | 'internal';
export type Code =
  | 'stale-revision'
  | 'stale-lease'
  | 'lease-held'
  | 'not-holder'
  | 'scope-overlap'
  | 'not-found'
  | 'already-exists'
  | 'wrong-status'
  | 'dependency-open'
  | 'cycle'
  | 'not-confirmed'
  | 'session-expired'
  | 'stale-session-epoch'
  | 'cursor-expired'
  | 'cursor-ahead'
  | 'conflicts-found'
  | 'verification-failed'
  | 'invalid-board'
  | 'agent-unclear'
  | 'invalid'
  | 'nothing'
  | 'locked'
  | 'disk-full'
  | 'read-only'
  | 'corrupt'
  | 'schema-newer'
  | 'no-board'
  | 'server-down'
  | 'internal';

export interface Failure {
  kind: Kind;
  code: Code;
  message: string;
  hint?: string | null;
  details?: unknown;
}

export interface Lease {
  holder: AgentId;
  session_id: SessionId | null;
  expires_at: string;
  ttl_seconds: number;
  expired: boolean;
}

export interface Module {
  id: ModuleId;
  title: string;
  description: string;
  status: Status;
  priority: number;
  specialty: string | null;
  depends_on: ModuleId[];
  owned_paths: Pattern[];
  candidate_depends_on: ModuleId[];
  candidate_owned_paths: Pattern[];
  owner: AgentId | null;
  reviewer: AgentId | null;
  block_reason: string | null;
  branch: string | null;
  lease: Lease | null;
  created_at: string;
  revision: number;
}

export interface BoardModule extends Module {
  group: BoardGroup;
  actions: string[];
  reasons: string[];
}

export interface Agent {
  id: AgentId;
  thread_key: string;
  role: Role;
  specialties: string[];
  revision: number;
}

export interface Session {
  id: SessionId;
  agent: AgentId;
  host_id: string;
  window_id: string;
  kind: 'window' | 'terminal';
  epoch: number;
  worktree: string | null;
  branch: string | null;
  live: boolean;
  last_seen: string | null;
  registered_at: string;
  revision: number;
}

export interface Handoff {
  id: string;
  module: ModuleId;
  from: AgentId;
  to: string;
  status: HandoffStatus;
  summary: string;
  next_steps: string[];
  after_expiry: boolean;
  claimed_by: AgentId | null;
  offered_at: string;
  path: string;
  revision: number;
}

export interface BoardHandoff extends Handoff {
  for_me: boolean;
  by_me: boolean;
  to_acknowledge: boolean;
}

export interface ChangedBy {
  worktree: string | null;
  session_id: SessionId | null;
  agent_id: AgentId | null;
}

export interface Conflict {
  code: FindingCode;
  changed_by: ChangedBy;
  module: ModuleId;
  owner: AgentId | null;
  path?: ProjectPath | null;
  lease_expires_at: string | null;
  witness?: ProjectPath | null;
  with_module?: ModuleId | null;
}

export interface ScopeConflict {
  module: ModuleId;
  owner: AgentId | null;
  witness: ProjectPath;
}

export interface Me {
  agent_id: AgentId;
  session_id: SessionId | null;
  session_epoch: number | null;
  worktree: string | null;
  branch: string | null;
}

export interface Safety {
  profile: SafetyProfile;
}

export interface BoardReply {
  exists: boolean;
  revision: number;
  root: string;
  worktree: string | null;
  safety: Safety;
  me: Me | null;
  agents: Agent[];
  sessions: Session[];
  modules: BoardModule[];
  handoffs: BoardHandoff[];
  conflicts: Conflict[];
}

export interface PathOwner {
  module: ModuleId;
  title: string;
  status: Status;
  owner: AgentId | null;
  lease: Lease | null;
  mine: boolean;
}

export interface PathOwners {
  path: ProjectPath;
  owners: PathOwner[];
}

export interface OwnersReply {
  paths: PathOwners[];
}

export interface ModuleShown {
  module: Module;
}

export interface Bootstrapped {
  board: string;
  created: boolean;
  mcp_config: string | null;
}

export interface GivenLease {
  token: string;
  expires_at: string;
  ttl_seconds: number;
}

export interface Claimed {
  module: Module;
  lease: GivenLease;
  conflicts: ScopeConflict[];
}

export interface ModuleChanged {
  module: Module;
  conflicts: ScopeConflict[];
}

export interface HandedOver {
  module: Module;
  handoff: Handoff;
}

export interface ProposedPath {
  path: ProjectPath;
  pattern: Pattern;
  is_folder: boolean;
  evidence: string[];
}

export interface Inferred {
  module: ModuleId;
  proposals: ProposedPath[];
  applied: boolean;
}

export interface Bootstrap {
  emit_mcp_config?: boolean;
  share?: boolean;
}

export interface AddModule {
  id: ModuleId;
  title?: string | null;
  description?: string | null;
  priority?: number | null;
  specialty?: string | null;
  depends_on?: ModuleId[] | null;
  owned_paths?: Pattern[] | null;
}

export interface EditModule extends AddModule {
  clear_depends_on?: boolean;
  clear_owned_paths?: boolean;
}

export interface Claim {
  module: ModuleId;
  reviewer_id?: AgentId | null;
  ttl_seconds?: number | null;
}

export interface ClaimNext {
  specialty?: string | null;
  reviewer_id?: AgentId | null;
  ttl_seconds?: number | null;
}

export interface ClaimPaths {
  paths?: ProjectPath[];
  ttl_seconds?: number | null;
  reason?: string | null;
}

export interface Release {
  module: ModuleId;
}

export interface Finish {
  module: ModuleId;
}

export interface HandoffBundle {
  module: ModuleId;
  to?: string | null;
  summary?: string | null;
  next_steps?: string[];
}

export interface ClaimHandoff {
  module: ModuleId;
  ttl_seconds?: number | null;
}

export interface AckHandoff {
  module: ModuleId;
}

export interface InferPaths {
  module: ModuleId;
  apply?: boolean;
}

export interface Show {
  id: ModuleId;
}

export interface WhoOwns {
  paths?: ProjectPath[];
}
