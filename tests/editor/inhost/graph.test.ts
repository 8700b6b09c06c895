// The graph's page, as far as the extension knows it: what it lets in, and what it believes.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { heard, pageHtml } from '../../../extension/src/graph/page';
import { extension } from './support';

suite('the page of the graph', () => {
  const webview = { cspSource: 'https://own', asWebviewUri: (uri: vscode.Uri) => uri };
  const html = () => pageHtml(webview, extension().extensionUri);

  test('lets in its own two files, and no script but that of this page', () => {
    const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(html()) ?? [];
    const [, nonce] = /<script nonce="([\w-]{20,})"/.exec(html()) ?? [];
    assert.match(policy ?? '', /^default-src 'none'; style-src https:\/\/own; script-src 'nonce-[\w-]{20,}'$/);
    assert.ok(nonce && !html().includes(nonce), 'each page has a nonce of its own');
    assert.doesNotMatch(html(), /\son\w+=|\sstyle=|https?:\/\/(?!own)/);
  });

  test('loads files that are in the package', async () => {
    for (const name of ['graph.js', 'graph.css']) {
      await vscode.workspace.fs.stat(vscode.Uri.joinPath(extension().extensionUri, 'extension', 'out', name));
    }
  });

  test('is believed where it makes sense', () => {
    assert.deepEqual(heard({ kind: 'ready', more: 1 }), { kind: 'ready' });
    assert.deepEqual(heard({ kind: 'open', module: 'cart' }), { kind: 'open', module: 'cart' });
    for (const other of [undefined, null, 'open', {}, { kind: 'open' }, { kind: 'open', module: '' }, { kind: 'open', module: 7 }, { kind: 'run', module: 'cart' }]) {
      assert.equal(heard(other), undefined);
    }
  });
});
