// The Conflicts view: what this worktree changed in other people's scopes, or on the same lines as they, by who stands in the way.
import { Range } from 'vscode';
import type { Repository } from '../repository';
import { agentName, clockText } from '../words';
import type { BoardReply, Conflict, LineRange } from '../wire';
import { icon, Node } from './node';
import { Tooltip } from './tooltip';
import type { Drawing } from './tree';

/** One place of a conflict; without lines it is the whole file. */
interface Place {
  row: Conflict;
  lines?: LineRange | undefined;
}

export const conflictsView: Drawing = {
  rows: (repository, board) =>
    [...grouped(board.conflicts)].map(([side, rows]) => new OtherSideNode(repository, board, side, rows)),
  badge: (board) => board.conflicts.length,
  badgeText: (count) => `Remit: ${count} ${count === 1 ? 'conflict' : 'conflicts'}`,
};

function grouped(rows: readonly Conflict[]): Map<string, Conflict[]> {
  const groups = new Map<string, Conflict[]>();
  for (const row of rows) groups.set(sideOf(row), [...(groups.get(sideOf(row)) ?? []), row]);
  return groups;
}

/** The module that stands in the way; where it is lines and no claim, who else edited them. */
const sideOf = ({ module, with: other }: Conflict): string => module ?? `@${other?.agent_id ?? other?.worktree ?? ''}`;

function whoOf(board: BoardReply, { owner, with: other }: Conflict): string {
  if (!other) return agentName(board, owner);
  return [other.agent_id ? agentName(board, other.agent_id) : other.worktree, other.branch].filter(Boolean).join(' on ');
}

class OtherSideNode extends Node {
  constructor(
    repository: Repository,
    private readonly board: BoardReply,
    side: string,
    private readonly conflicts: Conflict[],
  ) {
    const [first] = conflicts;
    const who = first ? whoOf(board, first) : '';
    const module = first?.module ?? undefined;
    super(repository, `conflicts/${side}`, {
      label: module ?? who,
      spoken: `${module ? `${module} of ` : ''}${who}, ${conflicts.length} ${conflicts.length === 1 ? 'conflict' : 'conflicts'}`,
      module,
    });
    this.description = module ? who : 'the same lines';
    this.iconPath = icon(module ? 'lock' : 'git-compare', 'remit.others');
    this.contextValue = module ? 'conflicts' : 'edits';
    this.fold(true);
  }

  override children(): Node[] {
    return this.conflicts.flatMap(placesOf).map((place) => new ConflictNode(this.repository, this.board, place));
  }
}

const placesOf = (row: Conflict): Place[] => (row.ranges?.length ? row.ranges.map((lines) => ({ row, lines })) : [{ row }]);

class ConflictNode extends Node {
  readonly code: string;

  constructor(repository: Repository, board: BoardReply, { row, lines }: Place) {
    const path = row.path ?? row.witness ?? '';
    const what = meaning(row);
    const at = lines ? `:${lines.start}${lines.end > lines.start ? `-${lines.end}` : ''}` : '';
    super(repository, `conflicts/${sideOf(row)}/${row.code}/${row.with_module ?? ''}/${path}${at}`, {
      label: `${path.split('/').pop() ?? path}${at}`,
      spoken: `${path}${at}, ${what}`,
      module: row.module ?? undefined,
      path,
    });
    this.code = row.code;
    this.description = [what, path.split('/').slice(0, -1).join('/')].filter(Boolean).join(' · ');
    this.iconPath = icon('warning', 'list.warningForeground');
    this.tooltip = conflictTooltip(board, row, path + at);
    this.contextValue = `conflict <${row.code}>`;
    this.openOnClick(repository, path, lines);
  }

  // The witness of an overlap may be a path that no file has.
  private openOnClick(repository: Repository, path: string, lines: LineRange | undefined): void {
    const uri = repository.ground?.uriOf(path);
    if (!uri) return;
    const selection = lines && new Range(lines.start - 1, 0, lines.start - 1, 0);
    this.command = { command: 'vscode.open', title: 'Open', arguments: [uri, ...(selection ? [{ selection }] : [])] };
  }
}

function meaning({ code, with_module, with: other }: Conflict): string {
  if (other) return 'edited on both sides';
  return code === 'scope-overlap' ? `overlaps your ${with_module ?? 'module'}` : 'changed here';
}

function conflictTooltip(board: BoardReply, row: Conflict, place: string) {
  return new Tooltip()
    .heading(place)
    .facts({
      Module: row.module,
      [row.with ? 'Other side' : 'Owner']: whoOf(board, row),
      'Lease until': row.lease_expires_at && clockText(row.lease_expires_at),
      'Your module': row.with_module,
      'Changed by': changedBy(board, row),
    })
    .build();
}

function changedBy(board: BoardReply, { changed_by: { agent_id, worktree } }: Conflict): string | null {
  return agent_id ? agentName(board, agent_id) : worktree;
}
