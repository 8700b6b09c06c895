// The extension draws what its sidecar says and sends it what people want; see ARCHITECTURE.md for where things are.
import { type ExtensionContext, window } from 'vscode';
import { registerCommands } from './commands/table';
import { ContextKeys } from './contextKeys';
import { FileOwner } from './decorations/fileOwner';
import { OwnerDecorations } from './decorations/owners';
import { Graphs } from './graph/graphs';
import { Popups } from './popups';
import { ReloadRequest } from './reload';
import { Repositories } from './repositories';
import { bundledBinary, placeBinary } from './sidecar/binary';
import { StatusBar } from './statusBar';
import { Terminals } from './terminals';
import { agentsView } from './views/agentsView';
import { boardView } from './views/boardView';
import { conflictsView } from './views/conflictsView';
import { Filter } from './views/filter';
import { handoffsView } from './views/handoffsView';
import { notificationsView } from './views/notificationsView';
import { revealModule } from './views/reveal';
import { Tree } from './views/tree';

/** What `activate` returns, for tests. */
export interface RemitApi {
  /** Every sidecar of the window has answered, or failed to. */
  ready: Promise<void>;
  repositories: Repositories;
  /** The views by their id. */
  trees: Record<string, Tree>;
}

let running: Repositories | undefined;

export function activate(context: ExtensionContext): RemitApi {
  const log = window.createOutputChannel('Remit', { log: true });
  const { extensionPath, workspaceState: memory } = context;
  const { version } = context.extension.packageJSON as { version: string };
  const repositories = new Repositories({ extensionPath, version, log, memory });
  running = repositories;
  const filter = new Filter();
  const trees = {
    'remit.board': new Tree('remit.board', repositories, boardView(filter)),
    'remit.conflicts': new Tree('remit.conflicts', repositories, conflictsView),
    'remit.agents': new Tree('remit.agents', repositories, agentsView),
    'remit.handoffs': new Tree('remit.handoffs', repositories, handoffsView),
    'remit.notifications': new Tree('remit.notifications', repositories, notificationsView),
  };
  const graphs = new Graphs(repositories, context.extensionUri, (repository, module) => revealModule(trees['remit.board'], filter, repository, module));
  context.subscriptions.push(
    log,
    repositories,
    filter,
    graphs,
    new ContextKeys(repositories, filter),
    ...Object.values(trees),
    new StatusBar(repositories),
    new ReloadRequest(repositories),
    new OwnerDecorations(repositories),
    new FileOwner(repositories),
    new Popups(repositories),
    new Terminals(context, repositories),
    ...registerCommands({ repositories, log, filter, graphs }),
  );
  const ready = repositories.update();
  void ready.then(() => place(bundledBinary(extensionPath))).catch((error: unknown) => log.warn(String(error)));
  return { ready, repositories, trees };
}

/** The sidecars leave in order: their leases run on, but their seats are free. */
export async function deactivate(): Promise<void> {
  await running?.stop();
  running = undefined;
}

async function place(binary: string): Promise<void> {
  await placeBinary(binary);
}
