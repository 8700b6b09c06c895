// The page that a graph is shown in: its frame, what it may load, and what travels between it and the extension.
import { randomBytes } from 'node:crypto';
import { Uri, type Webview } from 'vscode';
import { messages } from '../messages';

/** What the page is told. */
export type ToPage = { kind: 'picture'; root: string; svg: string } | { kind: 'failure'; text: string };

/** What the page says: it can take a picture now, or a module was chosen. */
export type FromPage = { kind: 'ready' } | { kind: 'open'; module: string };

/** What a page says is believed as far as it makes sense. */
export function heard(message: unknown): FromPage | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { kind, module } = message as Record<string, unknown>;
  if (kind === 'ready') return { kind };
  return kind === 'open' && typeof module === 'string' && module !== '' ? { kind, module } : undefined;
}

/** The one folder that a page may load from. */
export const pageFolder = (extension: Uri): Uri => Uri.joinPath(extension, 'extension', 'out');

// Nothing is loaded but the two files, and nothing runs but the script of this very page.
export function pageHtml(webview: Pick<Webview, 'cspSource' | 'asWebviewUri'>, extension: Uri): string {
  const nonce = randomBytes(16).toString('base64url');
  const file = (name: string) => webview.asWebviewUri(Uri.joinPath(pageFolder(extension), name)).toString();
  const { zoomIn, zoomOut, all, find, picture } = messages.graph;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'">
<link rel="stylesheet" href="${file('graph.css')}">
</head>
<body>
<header role="toolbar">
<button id="in" title="${zoomIn} (+)" aria-label="${zoomIn}">+</button>
<button id="out" title="${zoomOut} (-)" aria-label="${zoomOut}">&minus;</button>
<button id="all" title="${all} (0)">${all}</button>
<input id="find" type="search" placeholder="${find} (/)" aria-label="${find}">
<span id="note" role="status"></span>
</header>
<main id="picture" aria-label="${picture}" tabindex="0"></main>
<script nonce="${nonce}" src="${file('graph.js')}"></script>
</body>
</html>`;
}
