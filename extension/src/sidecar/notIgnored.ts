// The sidecar's diagnostics on their way to the editor, without those that the person ignores.
import type { Diagnostic, Uri } from 'vscode';
import type { HandleDiagnosticsSignature } from 'vscode-languageclient/node';
import type { Ignored } from '../ignored';
import { Store } from '../store';

interface Sent {
  uri: Uri;
  diagnostics: Diagnostic[];
}

export class NotIgnored extends Store {
  /** As the sidecar sent them. */
  private readonly sent = new Map<string, Sent>();
  private pass: HandleDiagnosticsSignature | undefined;

  constructor(private readonly ignored: Ignored) {
    super();
    this.own(ignored.onDidChange(() => this.passAgain()));
  }

  readonly handle = (uri: Uri, diagnostics: Diagnostic[], next: HandleDiagnosticsSignature): void => {
    this.pass = next;
    if (diagnostics.length > 0) this.sent.set(uri.toString(), { uri, diagnostics });
    else this.sent.delete(uri.toString());
    next(uri, this.ignored.without(diagnostics));
  };

  private passAgain(): void {
    for (const { uri, diagnostics } of this.sent.values()) this.pass?.(uri, this.ignored.without(diagnostics));
  }
}
