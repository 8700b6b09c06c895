// Folders of one repository share a sidecar, and so one seat on the board. Where the repository begins is asked of the disk
// alone; which board belongs to it is the sidecar's answer.
import { promises as fs } from 'node:fs';
import * as path from 'node:path';
import type { Uri } from 'vscode';
import { exists, mayHaveBoard } from './boards';

export interface Root {
  /** The folder that holds `.git` or the board; the folder itself where there is neither. */
  path: string;
  folders: Uri[];
  /** False where there is neither a repository nor a board: no sidecar is started there unasked. */
  isProject: boolean;
  /** False where no sidecar is worth starting yet. */
  hasBoard: boolean;
}

/** The roots of `folders`, each with the folders that lie in it, in their order. */
export async function rootsOf(folders: readonly Uri[]): Promise<Root[]> {
  const places = await Promise.all(folders.map(async (folder) => ({ folder, ...(await placeOf(folder.fsPath)) })));
  const roots = new Map<string, Root>();
  for (const { folder, at, isProject } of places) {
    const known = roots.get(at);
    if (known) known.folders.push(folder);
    else roots.set(at, { path: at, folders: [folder], isProject, hasBoard: isProject && (await mayHaveBoard(at)) });
  }
  return [...roots.values()];
}

// A folder that was opened through a symbolic link lies where the link leads.
async function placeOf(folder: string): Promise<{ at: string; isProject: boolean }> {
  const real = await fs.realpath(folder).catch(() => folder);
  const root = await rootAbove(real);
  return { at: root ?? real, isProject: root !== undefined };
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
