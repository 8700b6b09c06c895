// One repository's graph in an editor tab: the sidecar draws it, the page shows it.
import type { Uri, WebviewPanel } from 'vscode';
import { failureText, messages } from '../messages';
import type { Repository } from '../repository';
import { Store } from '../store';
import { heard, pageFolder, pageHtml, type ToPage } from './page';

export class GraphPanel extends Store {
  private told: string | undefined;
  private drawing: Promise<void> | undefined;
  private again = false;

  constructor(
    readonly panel: WebviewPanel,
    readonly repository: Repository,
    extension: Uri,
    private readonly open: (module: string) => Promise<void>,
  ) {
    super();
    const { webview } = this.own(panel);
    this.own(webview.onDidReceiveMessage((message: unknown) => this.hear(message)));
    this.own(repository.onDidChange(({ volatile }) => volatile || this.draw()));
    webview.options = { enableScripts: true, localResourceRoots: [pageFolder(extension)] };
    webview.html = pageHtml(webview, extension);
  }

  private hear(message: unknown): void {
    const said = heard(message);
    if (said?.kind === 'open') void this.open(said.module);
    if (said?.kind !== 'ready') return;
    this.told = undefined;
    this.draw();
  }

  // While it is drawn, changes ask for one more drawing, however many they are.
  private draw(): void {
    this.again = true;
    this.drawing ??= this.drawUntilCurrent().finally(() => (this.drawing = undefined));
  }

  // A hidden page is no more: it asks again when it is shown.
  private async drawUntilCurrent(): Promise<void> {
    while (this.again && !this.isDisposed && this.panel.visible) {
      this.again = false;
      await this.tell(await this.drawn());
    }
  }

  private async tell(drawn: ToPage): Promise<void> {
    const text = JSON.stringify(drawn);
    if (this.isDisposed || text === this.told) return;
    this.told = text;
    await this.panel.webview.postMessage(drawn);
  }

  private async drawn(): Promise<ToPage> {
    try {
      const answer = await this.repository.sidecar.query('graph', { format: 'svg' });
      if (!answer.ok) return { kind: 'failure', text: failureText(answer.error) };
      return { kind: 'picture', root: this.repository.root.path, svg: answer.result.text };
    } catch {
      return { kind: 'failure', text: messages.graph.down };
    }
  }
}
