// A binary is replaced while an older one of the same name may be running, and another reader may open it at any moment.
import fs from 'node:fs';
import path from 'node:path';

/** Copies `from` over `to` so that every reader sees the old file or the new one; false when they are equal already. */
export function replaceFile(from, to) {
  if (sameContent(from, to)) return false;
  fs.mkdirSync(path.dirname(to), { recursive: true });
  const fresh = `${to}.new-${process.pid}`;
  try {
    fs.copyFileSync(from, fresh);
    fs.chmodSync(fresh, 0o755);
    moveInto(fresh, to);
  } finally {
    fs.rmSync(fresh, { force: true });
  }
  return true;
}

// Windows refuses to replace a program that runs, but lets it be renamed; what is left is swept up the next time.
function moveInto(fresh, to) {
  try {
    fs.renameSync(fresh, to);
  } catch (error) {
    if (process.platform !== 'win32') throw error;
    sweepRetired(to);
    fs.renameSync(to, `${to}.old-${process.pid}-${Date.now()}`);
    fs.renameSync(fresh, to);
  }
}

function sweepRetired(to) {
  const retired = fs.readdirSync(path.dirname(to)).filter((name) => name.startsWith(`${path.basename(to)}.old-`));
  for (const name of retired) {
    try {
      fs.rmSync(path.join(path.dirname(to), name));
    } catch {
      // still running: the next placement tries again
    }
  }
}

function sameContent(a, b) {
  const [left, right] = [a, b].map((file) => fs.statSync(file, { throwIfNoEntry: false }));
  if (!left || !right || left.size !== right.size) return false;
  return fs.readFileSync(a).equals(fs.readFileSync(b));
}
