-- The commit at which a module was claimed: a handoff tells what was done since.
ALTER TABLE modules ADD COLUMN claimed_head TEXT;

-- Whether a notification was repeated later is asked for each one that is read.
CREATE INDEX notifications_of_modules ON events (module, kind) WHERE target IS NOT NULL;
