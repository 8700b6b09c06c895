// Project paths, as the board knows them, and the uris of the editor: the same files under two kinds of name.
import { promises as fs } from 'node:fs';
import * as path from 'node:path';
import { Uri } from 'vscode';

interface Place {
  folder: Uri;
  /** Where the folder really is, when it was opened through a symbolic link. */
  real: string;
}

export class Ground {
  private constructor(
    private readonly worktree: string,
    private readonly places: readonly Place[],
  ) {}

  static async survey(worktree: string, folders: readonly Uri[]): Promise<Ground> {
    const places = folders.map(async (folder) => {
      const real = await fs.realpath(folder.fsPath).catch(() => folder.fsPath);
      return { folder, real };
    });
    return new Ground(worktree, await Promise.all(places));
  }

  /** The project path of a file or folder; undefined when it is not inside the worktree, or is the worktree itself. */
  pathOf(uri: Uri): string | undefined {
    const relative = this.relative(uri);
    return relative === '' ? undefined : relative?.split(path.sep).join('/');
  }

  isWhole(uri: Uri): boolean {
    return this.relative(uri) === '';
  }

  /** The uri under which the editor knows a project path. */
  uriOf(projectPath: string): Uri {
    const file = path.join(this.worktree, ...projectPath.split('/'));
    for (const { folder, real } of this.places) {
      const below = inside(real, file);
      if (below !== undefined) return Uri.joinPath(folder, ...below.split(path.sep));
    }
    return Uri.file(file);
  }

  private relative(uri: Uri): string | undefined {
    if (uri.scheme !== 'file') return undefined;
    return inside(this.worktree, uri.fsPath) ?? inside(this.worktree, this.realPath(uri.fsPath));
  }

  private realPath(file: string): string {
    for (const { folder, real } of this.places) {
      const below = inside(folder.fsPath, file);
      if (below !== undefined) return path.join(real, below);
    }
    return file;
  }
}

/** `file` relative to `folder`, '' for the folder itself, undefined outside of it. */
function inside(folder: string, file: string): string | undefined {
  const relative = path.relative(folder, file);
  const leaves = relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);
  return leaves ? undefined : relative;
}
