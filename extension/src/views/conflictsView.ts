// The Conflicts view: what this worktree changed in other people's scopes, or on the same lines as they, by who stands in the way.
import { type MarkdownString, Range } from 'vscode';
import type { Repository } from '../repository';
import { agentName, clockText, type People } from '../words';
import type { Conflict, LineRange } from '../wire';
import { Kept } from './kept';
import { icon, Node } from './node';
import { Tooltip } from './tooltip';
import type { Drawing } from './tree';

/** One place of a conflict; without lines it is the whole file. */
interface Place {
  row: Conflict;
  lines?: LineRange | undefined;
}

const kept = new Kept<Conflict, ConflictNode[]>();

export const conflictsView: Drawing = {
  rows: (repository, { agents, me, conflicts }) =>
    [...grouped(conflicts)].map(([side, rows]) => new OtherSideNode(repository, { agents, me }, side, rows)),
  badge: (board) => board.conflicts.length,
  badgeText: (count) => `Remit: ${count} ${count === 1 ? 'conflict' : 'conflicts'}`,
};

function grouped(rows: readonly Conflict[]): Map<string, Conflict[]> {
  const groups = new Map<string, Conflict[]>();
  for (const row of rows) {
    const side = sideOf(row);
    const group = groups.get(side);
    if (group) group.push(row);
    else groups.set(side, [row]);
  }
  return groups;
}

/** The module that stands in the way; where it is lines and no claim, who else edited them, and in which worktree. */
const sideOf = ({ module, with: other, side }: Conflict): string => module ?? `@${other?.worktree ?? ''} ${side ?? ''}`;

const whoOf = (people: People, { owner, with: other, side }: Conflict): string => (other ? (side ?? '') : agentName(people, owner));

class OtherSideNode extends Node {
  constructor(
    repository: Repository,
    private readonly people: People,
    side: string,
    private readonly conflicts: Conflict[],
  ) {
    const [first] = conflicts;
    const who = first ? whoOf(people, first) : '';
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
    const { repository, people } = this;
    return this.conflicts.flatMap((row) =>
      kept.of(row, changingWords(people, row), () => placesOf(row).map((place) => new ConflictNode(repository, people, place))),
    );
  }
}

const placesOf = (row: Conflict): Place[] => (row.ranges?.length ? row.ranges.map((lines) => ({ row, lines })) : [{ row }]);

/** Its path, and the lines in it as people write them. */
function whereOf({ row, lines }: Place): [path: string, at: string] {
  const at = lines ? `:${lines.start}${lines.end > lines.start ? `-${lines.end}` : ''}` : '';
  return [row.path ?? row.witness ?? '', at];
}

/** What a row says that is not in its conflict: names of people. */
const changingWords = (people: People, row: Conflict): string => [whoOf(people, row), changedBy(people, row) ?? ''].join('\n');

class ConflictNode extends Node {
  readonly code: string;
  readonly compareWith: string | undefined;
  readonly side: string | undefined;

  constructor(
    repository: Repository,
    private readonly people: People,
    private readonly place: Place,
  ) {
    const { row, lines } = place;
    const [path, at] = whereOf(place);
    const what = meaning(row);
    super(repository, `conflicts/${sideOf(row)}/${row.code}/${row.with_module ?? ''}/${path}${at}`, {
      label: `${path.split('/').pop() ?? path}${at}`,
      spoken: `${path}${at}, ${what}`,
      module: row.module ?? undefined,
      path,
    });
    this.code = row.code;
    this.compareWith = row.compare_with ?? undefined;
    this.side = row.side ?? undefined;
    this.description = [what, path.split('/').slice(0, -1).join('/')].filter(Boolean).join(' · ');
    this.iconPath = icon('warning', 'list.warningForeground');
    this.contextValue = `conflict <${row.code}>${row.compare_with ? ' <compare>' : ''}`;
    this.openOnClick(repository, path, lines);
  }

  override hint(): MarkdownString {
    return conflictTooltip(this.people, this.place);
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

function conflictTooltip(people: People, place: Place): MarkdownString {
  const { row } = place;
  return new Tooltip()
    .heading(whereOf(place).join(''))
    .facts({
      Module: row.module,
      [row.with ? 'Other side' : 'Owner']: whoOf(people, row),
      'Lease until': row.lease_expires_at && clockText(row.lease_expires_at),
      'Your module': row.with_module,
      'Changed by': changedBy(people, row),
    })
    .build();
}

function changedBy(people: People, { changed_by: { agent_id, worktree } }: Conflict): string | null {
  return agent_id ? agentName(people, agent_id) : worktree;
}
