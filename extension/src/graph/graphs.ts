// The graphs that are open: one for each repository at most, each there again after the window was loaded anew.
import { type Uri, ViewColumn, type WebviewPanel, type WebviewPanelSerializer, window } from 'vscode';
import { messages } from '../messages';
import type { Repositories } from '../repositories';
import type { Repository } from '../repository';
import { Store } from '../store';
import { GraphPanel } from './graphPanel';

const TYPE = 'remit.graph';

export class Graphs extends Store implements WebviewPanelSerializer {
  private readonly panels = new Map<Repository, GraphPanel>();

  constructor(
    private readonly repositories: Repositories,
    private readonly extension: Uri,
    private readonly reveal: (repository: Repository, module: string) => Promise<void>,
  ) {
    super();
    this.own(window.registerWebviewPanelSerializer(TYPE, this));
    this.own(repositories.onDidChange(() => this.closeOrphans()));
  }

  show(repository: Repository): void {
    const there = this.panels.get(repository);
    if (there) there.panel.reveal();
    else this.fill(window.createWebviewPanel(TYPE, '', ViewColumn.Active), repository);
  }

  async deserializeWebviewPanel(panel: WebviewPanel, state: unknown): Promise<void> {
    await this.repositories.update();
    const { root } = (state ?? {}) as { root?: unknown };
    const repository = this.repositories.all.find((one) => one.root.path === root) ?? this.repositories.active;
    if (repository && !this.panels.has(repository)) this.fill(panel, repository);
    else panel.dispose();
  }

  override dispose(): void {
    for (const panel of [...this.panels.values()]) panel.dispose();
    super.dispose();
  }

  private fill(panel: WebviewPanel, repository: Repository): void {
    panel.title = messages.graph.title(repository.name);
    const filled = new GraphPanel(panel, repository, this.extension, (module) => this.reveal(repository, module));
    this.panels.set(repository, filled);
    panel.onDidDispose(() => {
      this.panels.delete(repository);
      filled.dispose();
    });
  }

  private closeOrphans(): void {
    for (const [repository, panel] of [...this.panels]) {
      if (!this.repositories.all.includes(repository)) panel.dispose();
    }
  }
}
