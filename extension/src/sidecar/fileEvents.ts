// The language client holds file events back until none has come for a while, so that a build keeps them from the sidecar
// for as long as it runs. Here the first event of a batch sets the time at which the batch leaves.
import { type Disposable, RelativePattern, Uri, workspace } from 'vscode';
import type { FileEvent } from 'vscode-languageclient/node';

/** What is never anybody's change, or too much to tell: the sidecar watches git's own files itself. */
const IGNORED = /\/(\.git|project-plan|node_modules)(\/|$)/;
const LATEST_MS = 50;
/** As the protocol counts kinds of events. */
const [CREATED, CHANGED, DELETED] = [1, 2, 3] as const;

export class FileEvents {
  private batch = new Map<string, FileEvent>();
  private timer: NodeJS.Timeout | undefined;
  private readonly watchers = new Map<string, Disposable>();

  constructor(
    private readonly send: (changes: FileEvent[]) => Promise<void>,
    private readonly accepts: (uri: Uri) => boolean = () => true,
  ) {}

  /** Watches all that lies below these folders, and nothing else. */
  watch(folders: readonly Uri[]): void {
    const wanted = new Map(folders.map((folder) => [folder.toString(), folder]));
    for (const [name, watcher] of this.watchers) {
      if (wanted.has(name)) continue;
      watcher.dispose();
      this.watchers.delete(name);
    }
    for (const [name, folder] of wanted) {
      if (!this.watchers.has(name)) this.watchers.set(name, this.watcherOf(folder));
    }
  }

  add(event: FileEvent): void {
    if (IGNORED.test(event.uri)) return;
    this.batch.set(event.uri, event);
    this.timer ??= setTimeout(() => {
      this.flush();
    }, LATEST_MS);
  }

  dispose(): void {
    this.watch([]);
    clearTimeout(this.timer);
    this.timer = undefined;
    this.batch.clear();
  }

  private watcherOf(folder: Uri): Disposable {
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(folder, '**/*'));
    const hear = (type: FileEvent['type']) => (uri: Uri): void => {
      if (this.accepts(uri)) this.add({ uri: uri.toString(), type });
    };
    watcher.onDidCreate(hear(CREATED));
    watcher.onDidChange(hear(CHANGED));
    watcher.onDidDelete(hear(DELETED));
    return watcher;
  }

  private flush(): void {
    this.timer = undefined;
    const changes = [...this.batch.values()];
    this.batch.clear();
    // The sidecar may have died in between; the next one looks at everything.
    this.send(changes).catch(() => undefined);
  }
}
