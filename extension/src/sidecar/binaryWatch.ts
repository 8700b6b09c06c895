// Notices that the sidecar's program was put there, replaced or made executable: a window need not be reloaded for that.
import * as fs from 'node:fs';

/** Asking is one `stat`. Nothing else notices a file that is not there yet, in a folder that may not be there either. */
const LOOK_MS = 2_000;

export class BinaryWatch {
  private file: string | undefined;

  constructor(
    private readonly onChange: () => void,
    private readonly everyMs = LOOK_MS,
  ) {}

  // Of a file that is not there Node says once that it isn't: that is no change.
  private readonly look = (now: fs.Stats, before: fs.Stats): void => {
    if (now.ino !== before.ino || now.ctimeMs !== before.ctimeMs) this.onChange();
  };

  /** From now on this file is watched, and no other. */
  watch(file: string): void {
    if (file === this.file) return;
    this.dispose();
    this.file = file;
    fs.watchFile(file, { interval: this.everyMs, persistent: false }, this.look);
  }

  dispose(): void {
    if (this.file !== undefined) fs.unwatchFile(this.file, this.look);
    this.file = undefined;
  }
}
