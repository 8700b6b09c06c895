// The sidecar's diagnostics on their way to the editor, without those that the person ignores. Each step in which the editor takes
// some costs it the same, whether they are of one file or of hundreds: a branch that changes very many files would keep it for minutes.
import type { Diagnostic, Uri } from 'vscode';
import type { Ignored } from '../ignored';
import { Store } from '../store';

interface Sent {
  uri: Uri;
  diagnostics: Diagnostic[];
}

type Show = (files: [Uri, Diagnostic[]][]) => void;

const GATHER_MS = 20;
/** VS Code leaves out what goes beyond 1,100 in one step. */
const MOST_AT_ONCE = 1000;

export class NotIgnored extends Store {
  /** As the sidecar sent them. */
  private readonly sent = new Map<string, Sent>();
  /** Not shown yet, as the sidecar sent them. */
  private waiting = new Map<string, Sent>();
  private timer: NodeJS.Timeout | undefined;
  private show: Show | undefined;

  constructor(private readonly ignored: Ignored) {
    super();
    this.own(ignored.onDidChange(() => this.showAll(this.sent.values())));
  }

  showBy(show: Show): void {
    this.show = show;
  }

  readonly handle = (uri: Uri, diagnostics: Diagnostic[]): void => {
    const one = { uri, diagnostics };
    if (diagnostics.length > 0) this.sent.set(uri.toString(), one);
    else this.sent.delete(uri.toString());
    this.waiting.set(uri.toString(), one);
    if (!this.timer) this.showWaiting();
  };

  override dispose(): void {
    clearTimeout(this.timer);
    this.show = undefined;
    super.dispose();
  }

  /** What comes first is shown at once, and what comes soon after it together. */
  private showWaiting(): void {
    this.timer = undefined;
    if (this.waiting.size === 0) return;
    const waiting = this.waiting;
    this.waiting = new Map();
    this.showAll(waiting.values());
    this.timer = setTimeout(() => this.showWaiting(), GATHER_MS);
  }

  private showAll(all: Iterable<Sent>): void {
    let files: [Uri, Diagnostic[]][] = [];
    let count = 0;
    for (const { uri, diagnostics } of all) {
      const shown = this.ignored.without(diagnostics);
      if (files.length > 0 && count + shown.length > MOST_AT_ONCE) {
        this.show?.(files);
        [files, count] = [[], 0];
      }
      files.push([uri, shown]);
      count += shown.length;
    }
    if (files.length > 0) this.show?.(files);
  }
}
