// The language client holds file events back until none has come for a while, so that a build keeps them from the sidecar
// for as long as it runs. Here the first event of a batch sets the time at which the batch leaves.
import type { FileEvent } from 'vscode-languageclient/node';

/** What is never anybody's change, or too much to tell: the sidecar watches git's own files itself. */
const IGNORED = /\/(\.git|project-plan|node_modules)(\/|$)/;
const LATEST_MS = 50;

export class FileEvents {
  private batch = new Map<string, FileEvent>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly send: (changes: FileEvent[]) => Promise<void>) {}

  add(event: FileEvent): void {
    if (IGNORED.test(event.uri)) return;
    this.batch.set(event.uri, event);
    this.timer ??= setTimeout(() => {
      this.flush();
    }, LATEST_MS);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.batch.clear();
  }

  private flush(): void {
    this.timer = undefined;
    const changes = [...this.batch.values()];
    this.batch.clear();
    // The sidecar may have died in between; the next one looks at everything.
    this.send(changes).catch(() => undefined);
  }
}
