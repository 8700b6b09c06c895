// The Conflicts view: what this worktree changed in other people's scopes, by the module that stands in the way.
import type { Repository } from '../repository';
import { agentName, clockText } from '../words';
import type { BoardReply, Conflict } from '../wire';
import { icon, Node } from './node';
import { Tooltip } from './tooltip';
import type { Drawing } from './tree';

export const conflictsView: Drawing = {
  rows: (repository, board) =>
    [...grouped(board.conflicts)].map(([module, conflicts]) => new OtherModuleNode(repository, board, module, conflicts)),
  badge: (board) => board.conflicts.length,
  badgeText: (count) => `Remit: ${count} ${count === 1 ? 'conflict' : 'conflicts'}`,
};

function grouped(conflicts: readonly Conflict[]): Map<string, Conflict[]> {
  const groups = new Map<string, Conflict[]>();
  for (const conflict of conflicts) groups.set(conflict.module, [...(groups.get(conflict.module) ?? []), conflict]);
  return groups;
}

class OtherModuleNode extends Node {
  override readonly iconPath = icon('lock', 'remit.others');

  constructor(
    repository: Repository,
    private readonly board: BoardReply,
    module: string,
    private readonly conflicts: Conflict[],
  ) {
    const owner = agentName(board, conflicts[0]?.owner);
    super(repository, `conflicts/${module}`, {
      label: module,
      spoken: `${module} of ${owner}, ${conflicts.length} ${conflicts.length === 1 ? 'conflict' : 'conflicts'}`,
      module,
      drawnFrom: [owner, conflicts],
    });
    this.description = owner;
    this.contextValue = 'conflicts';
    this.fold(true);
  }

  override children(): Node[] {
    return this.conflicts.map((conflict) => new ConflictNode(this.repository, this.board, conflict));
  }
}

class ConflictNode extends Node {
  readonly code: string;

  constructor(repository: Repository, board: BoardReply, conflict: Conflict) {
    const path = conflict.path ?? conflict.witness ?? '';
    const what = meaning(conflict);
    super(repository, `conflicts/${conflict.module}/${conflict.code}/${conflict.with_module ?? ''}/${path}`, {
      label: path.split('/').pop() ?? path,
      spoken: `${path}, ${what}`,
      module: conflict.module,
      path,
    });
    this.code = conflict.code;
    this.description = [path.split('/').slice(0, -1).join('/'), what].filter(Boolean).join(' · ');
    this.iconPath = icon('warning', 'list.warningForeground');
    this.tooltip = conflictTooltip(board, conflict, path);
    this.contextValue = `conflict <${conflict.code}>`;
    this.openOnClick(repository, path);
  }

  // The witness of an overlap may be a path that no file has.
  private openOnClick(repository: Repository, path: string): void {
    const uri = repository.ground?.uriOf(path);
    if (!uri) return;
    this.command = { command: 'vscode.open', title: 'Open', arguments: [uri] };
  }
}

const meaning = ({ code, with_module }: Conflict): string =>
  code === 'scope-overlap' ? `overlaps your ${with_module ?? 'module'}` : 'changed here';

function conflictTooltip(board: BoardReply, conflict: Conflict, path: string) {
  return new Tooltip()
    .heading(path)
    .facts({
      Module: conflict.module,
      Owner: agentName(board, conflict.owner),
      'Lease until': conflict.lease_expires_at && clockText(conflict.lease_expires_at),
      'Your module': conflict.with_module,
      'Changed by': changedBy(board, conflict),
    })
    .build();
}

function changedBy(board: BoardReply, { changed_by: { agent_id, worktree } }: Conflict): string | null {
  return agent_id ? agentName(board, agent_id) : worktree;
}
