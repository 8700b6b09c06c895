"""Puts a board's rows into a database as the first format made it, in the place of the one that is there."""
import os
import sqlite3
import sys

plan, schema = sys.argv[1:3]
more_events = int(sys.argv[3]) if len(sys.argv) > 3 else 0
path = os.path.join(plan, "coordination.db")

new = sqlite3.connect(path)
application = new.execute("PRAGMA application_id").fetchone()[0]
old = sqlite3.connect(path + ".old")
old.executescript(f"PRAGMA journal_mode = wal; PRAGMA application_id = {application};")
with open(schema) as steps:
    old.executescript(steps.read())
for (table,) in old.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
    columns = ", ".join(row[1] for row in old.execute(f"PRAGMA table_info({table})"))
    rows = new.execute(f"SELECT {columns} FROM {table}").fetchall()
    if rows:
        old.executemany(f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(rows[0]))})", rows)
old.execute("UPDATE meta SET format = 1, min_writer = 1")
last = old.execute("SELECT event_seq FROM meta").fetchone()[0]
event = "INSERT INTO events (seq, at, revision, kind, source, module, target, summary) VALUES (?, 1900000000000, 1, 'told', 'test', 'core', 'workers', ?)"
old.executemany(event, ((last + n, f"event {n} " + "x" * 100) for n in range(1, more_events + 1)))
old.execute("UPDATE meta SET event_seq = event_seq + ?", (more_events,))
old.commit()
old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
old.close()
new.close()
for ending in ("-wal", "-shm"):
    if os.path.exists(path + ending):
        os.remove(path + ending)
    if os.path.exists(path + ".old" + ending):
        os.remove(path + ".old" + ending)
os.rename(path + ".old", path)
