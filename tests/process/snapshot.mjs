// What people read is kept as text files beside the tests, with ids, times and folders under names that don't change.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const FOLDER = path.join(import.meta.dirname, 'snapshots');

/** Compares with `snapshots/NAME`; `UPDATE_SNAPSHOTS=1` writes it instead. */
export const assertSnapshot = (name, text) => assertFile(path.join(FOLDER, name), text);

/** The same with a page that is part of the project. */
export const assertDocument = (name, text) => assertFile(path.resolve(import.meta.dirname, '../..', name), text);

function assertFile(file, text) {
  if (process.env.UPDATE_SNAPSHOTS === '1') {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  const hint = `${path.relative(process.cwd(), file)} says otherwise; UPDATE_SNAPSHOTS=1 writes it anew`;
  assert.equal(text, fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '', hint);
}

/** Gives ids the names of the order in which they appear, as long as they were, so that columns stay columns. */
export function makeNormaliser(scratch) {
  const seen = new Map();
  const named = (prefix, length) => (id) => {
    const letter = () => String.fromCharCode(97 + [...seen.keys()].filter((known) => known.startsWith(prefix)).length);
    if (!seen.has(id)) seen.set(id, prefix + letter().repeat(length));
    return seen.get(id);
  };
  return (text) =>
    text
      .replaceAll(scratch, '')
      .replaceAll(`${os.hostname()}:/`, 'HOST:/')
      .replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '0000-00-00T00:00:00.000Z')
      .replace(/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/g, '0000-00-00 00:00:00Z')
      .replace(/\b\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d UTC\b/g, '2 March 2026, 17:30 UTC')
      .replace(/\bagent-[0-9a-f]{8}\b/g, named('agent-', 8))
      .replace(/\bsession-[0-9a-f]{16}\b/g, named('session-', 16))
      .replace(/\bof board \d{13}\b/g, 'of board 1')
      .replace(/\b[0-9a-f]{40}\b|(?<=`)[0-9a-f]{10}(?=`)/g, 'COMMIT')
      .replace(/\b[0-9a-f]{32}\b/g, 'TOKEN');
}
