-- The board as the first format made it. It is kept for the test of the steps that lead on from it.
-- Rows of the board are never deleted, and each carries the revision at which it last changed;
-- it is indexed where there may be many rows.

CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  format INTEGER NOT NULL,
  -- The oldest format that a writer must know.
  min_writer INTEGER NOT NULL,
  project TEXT NOT NULL,
  incarnation INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  event_seq INTEGER NOT NULL,
  -- When the newest revision was committed.
  clock INTEGER NOT NULL,
  safety TEXT NOT NULL
) STRICT;

CREATE TABLE modules (
  id TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  title TEXT NOT NULL,
  status TEXT NOT NULL,
  priority INTEGER NOT NULL,
  specialty TEXT,
  -- Lists have one item a line, and are NULL when empty.
  depends_on TEXT,
  owned_paths TEXT,
  candidate_depends_on TEXT,
  candidate_owned_paths TEXT,
  owner TEXT,
  reviewer TEXT,
  block_reason TEXT,
  changes_requested TEXT,
  assigned_to TEXT,
  branch TEXT,
  created_at INTEGER NOT NULL,
  ordinal INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX modules_by_revision ON modules (revision);

CREATE TABLE agents (
  id TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  thread_key TEXT NOT NULL,
  role TEXT NOT NULL,
  specialties TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  agent TEXT NOT NULL,
  host TEXT NOT NULL,
  window TEXT NOT NULL,
  kind TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  worktree TEXT,
  branch TEXT,
  registered_at INTEGER NOT NULL,
  reaped INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_revision ON sessions (revision);

CREATE TABLE handoffs (
  id TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  module TEXT NOT NULL,
  author TEXT NOT NULL,
  target TEXT NOT NULL,
  status TEXT NOT NULL,
  summary TEXT NOT NULL,
  -- A JSON array.
  next_steps TEXT,
  after_expiry INTEGER NOT NULL,
  claimed_by TEXT,
  offered_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX handoffs_by_revision ON handoffs (revision);

CREATE TABLE confirmations (
  worktree TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  branch TEXT NOT NULL,
  loop_kind TEXT NOT NULL,
  mode_choice TEXT NOT NULL,
  mode TEXT NOT NULL,
  -- A JSON array.
  reasons TEXT,
  agent TEXT,
  confirmed_at INTEGER NOT NULL,
  optimize_for TEXT,
  agent_count INTEGER,
  machine_count INTEGER,
  window_count INTEGER,
  cross_machine INTEGER NOT NULL,
  shared_storage INTEGER
) STRICT, WITHOUT ROWID;

-- Long text that no rule reads: kind is 'description' (of a module) or 'bundle' (of a handoff).
CREATE TABLE texts (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (kind, id)
) STRICT;

CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  kind TEXT NOT NULL,
  source TEXT NOT NULL,
  module TEXT,
  agent TEXT,
  target TEXT,
  priority INTEGER,
  specialty TEXT,
  summary TEXT NOT NULL
) STRICT;
CREATE INDEX notifications ON events (seq) WHERE target IS NOT NULL;

-- Bookkeeping: it changes without a revision, and is read afresh in every transaction.

CREATE TABLE leases (
  module TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  session TEXT,
  token TEXT NOT NULL,
  ttl_seconds INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE last_seen (
  session TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A caller without an agent has the agent ''.
CREATE TABLE requests (
  agent TEXT NOT NULL,
  id TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  revision INTEGER NOT NULL,
  at INTEGER NOT NULL,
  reply TEXT NOT NULL,
  PRIMARY KEY (agent, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE cursors (
  agent TEXT NOT NULL,
  -- 'events' or 'notifications'.
  stream TEXT NOT NULL,
  id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  incarnation INTEGER NOT NULL,
  PRIMARY KEY (agent, stream, id)
) STRICT, WITHOUT ROWID;
