// Which documents of the window one sidecar is told of: those in a folder of its repository. Folders come and go while documents
// stay open, so who accepts a document is asked when it is opened and when the folders change; between the two stands what was told.
import { type TextDocument, type Uri, workspace } from 'vscode';
import type { LanguageClient, Middleware } from 'vscode-languageclient/node';

export class Documents {
  private readonly told = new Set<string>();

  constructor(private readonly accepts: (uri: Uri) => boolean) {}

  readonly middleware: Middleware = {
    didOpen: async (document, next) => {
      if (!this.accepts(document.uri)) return;
      this.told.add(document.uri.toString());
      await next(document);
    },
    didChange: async (change, next) => (this.has(change.document) ? next(change) : undefined),
    didSave: async (document, next) => (this.has(document) ? next(document) : undefined),
    didClose: async (document, next) => (this.told.delete(document.uri.toString()) ? next(document) : undefined),
    provideCodeActions: (document, range, context, token, next) => (this.has(document) ? next(document, range, context, token) : undefined),
    provideHover: (document, position, token, next) => (this.has(document) ? next(document, position, token) : undefined),
  };

  /** Tells of the documents that have become the sidecar's, and closes those that are its own no more. */
  async foldersChanged(client: LanguageClient): Promise<void> {
    const [open, close] = [client.getFeature('textDocument/didOpen'), client.getFeature('textDocument/didClose')];
    const changed = workspace.textDocuments.filter((document) => this.has(document) !== this.accepts(document.uri));
    const tell = async (document: TextDocument): Promise<void> => (this.has(document) ? close : open).getProvider(document)?.send(document);
    await Promise.all(changed.map(tell));
  }

  private has(document: TextDocument): boolean {
    return this.told.has(document.uri.toString());
  }
}
