// A repository without a board costs nothing: no sidecar runs there until somebody asks for one, or a board appears. Where the
// board lies is the sidecar's to know; here it is enough to know the few folders in which it could.
import { promises as fs } from 'node:fs';
import * as path from 'node:path';
import { RelativePattern, Uri, workspace } from 'vscode';
import { Store } from './store';

const FOLDER = 'project-plan';

/** Every folder that could hold the board of the repository, or project, at `root`. */
export async function homesOfBoard(root: string): Promise<string[]> {
  const common = await commonDirectory(path.join(root, '.git'));
  return common === undefined ? [root] : [...new Set([root, path.dirname(common), common])];
}

/** Whether there is a board to serve. A repository that keeps its worktree elsewhere may have one: then the sidecar is asked. */
export async function mayHaveBoard(root: string): Promise<boolean> {
  const homes = await homesOfBoard(root);
  const found = await Promise.all(homes.map((home) => exists(path.join(home, FOLDER, 'coordination.db'))));
  return found.some(Boolean) || (await keepsWorktreeElsewhere(path.join(root, '.git')));
}

/** Calls `onAppear` when a board's folder appears in one of `homes`. */
export class BoardWatch extends Store {
  constructor(homes: readonly string[], onAppear: () => void) {
    super();
    for (const home of homes) {
      const watcher = this.own(workspace.createFileSystemWatcher(new RelativePattern(Uri.file(home), FOLDER), false, true, true));
      this.own(watcher.onDidCreate(onAppear));
    }
  }
}

// In a linked worktree `.git` is a file, whose git directory names the one that all worktrees share.
async function commonDirectory(dotGit: string): Promise<string | undefined> {
  const gitDirectory = await gitDirectoryOf(dotGit);
  if (gitDirectory === undefined) return undefined;
  const named = await textOf(path.join(gitDirectory, 'commondir'));
  return named === undefined ? gitDirectory : path.resolve(gitDirectory, named.trim());
}

async function gitDirectoryOf(dotGit: string): Promise<string | undefined> {
  const pointer = /^gitdir:(.*)/.exec((await textOf(dotGit)) ?? '')?.[1];
  if (pointer !== undefined) return path.resolve(path.dirname(dotGit), pointer.trim());
  return (await exists(dotGit)) ? dotGit : undefined;
}

async function keepsWorktreeElsewhere(dotGit: string): Promise<boolean> {
  const common = await commonDirectory(dotGit);
  const config = common === undefined ? undefined : await textOf(path.join(common, 'config'));
  return config !== undefined && /^\s*worktree\s*=/im.test(config);
}

const textOf = (file: string): Promise<string | undefined> => fs.readFile(file, 'utf8').catch(() => undefined);

export const exists = (file: string): Promise<boolean> =>
  fs.stat(file).then(
    () => true,
    () => false,
  );
