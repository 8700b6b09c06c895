// Whoever works in a terminal of this window works as this window's agent, with the user's own `remit` on the PATH.
import { type ExtensionContext, type GlobalEnvironmentVariableCollection, workspace } from 'vscode';
import * as path from 'node:path';
import type { Repositories } from './repositories';
import type { Repository } from './repository';
import { placeOfBinary } from './sidecar/binary';
import { Store } from './store';

export class Terminals extends Store {
  private readonly collection: GlobalEnvironmentVariableCollection;
  private readonly told = new Map<string, string>();

  constructor(context: ExtensionContext, repositories: Repositories) {
    super();
    this.collection = context.environmentVariableCollection;
    // An agent that this window no longer is must not live on in tomorrow's terminals.
    this.collection.persistent = false;
    this.collection.description = 'Remit: who you are on the board, and where `remit` is';
    this.collection.prepend('PATH', placeOfBinary() + path.delimiter);
    this.own(repositories.onDidChange((change) => {
      if (change) this.tell(change.repository);
    }));
  }

  private tell(repository: Repository): void {
    const agent = repository.board?.me?.agent_id;
    for (const uri of repository.root.folders) {
      const folder = workspace.getWorkspaceFolder(uri);
      // Each change asks people to start their terminals anew.
      if (!folder || !agent || this.told.get(uri.toString()) === agent) continue;
      this.told.set(uri.toString(), agent);
      this.collection.getScoped({ workspaceFolder: folder }).replace('REMIT_AGENT_ID', agent);
    }
  }
}
