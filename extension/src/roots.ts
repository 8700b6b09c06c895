// Folders of one repository share a sidecar, and so one seat on the board. Where the repository begins is asked of the disk
// alone; which board belongs to it is the sidecar's answer.
import { promises as fs } from 'node:fs';
import * as path from 'node:path';
import type { Uri } from 'vscode';

export interface Root {
  /** The folder that holds `.git` or the board; the folder itself where there is neither. */
  path: string;
  folders: Uri[];
  /** False where there is neither a repository nor a board: no sidecar is started there unasked. */
  isProject: boolean;
}

/** The roots of `folders`, each with the folders that lie in it, in their order. */
export async function rootsOf(folders: readonly Uri[]): Promise<Root[]> {
  const found = await Promise.all(folders.map(async (folder) => ({ folder, root: await rootAbove(folder.fsPath) })));
  const roots = new Map<string, Root>();
  for (const { folder, root } of found) {
    const at = root ?? folder.fsPath;
    const known = roots.get(at);
    if (known) known.folders.push(folder);
    else roots.set(at, { path: at, folders: [folder], isProject: root !== undefined });
  }
  return [...roots.values()];
}

async function rootAbove(folder: string): Promise<string | undefined> {
  return (await nearest(folder, '.git')) ?? (await nearest(folder, path.join('project-plan', 'coordination.db')));
}

// In a linked worktree `.git` is a file.
async function nearest(folder: string, entry: string): Promise<string | undefined> {
  for (let at = folder; ; at = path.dirname(at)) {
    if (await exists(path.join(at, entry))) return at;
    if (at === path.dirname(at)) return undefined;
  }
}

const exists = (file: string): Promise<boolean> =>
  fs.stat(file).then(
    () => true,
    () => false,
  );
