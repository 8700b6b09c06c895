// The Board view: the modules in the groups that the sidecar puts them in, in its order.
import type { ThemeIcon } from 'vscode';
import { messages } from '../messages';
import type { Repository } from '../repository';
import { agentName, clockText, leaseText } from '../words';
import type { BoardGroup, BoardModule, BoardReply } from '../wire';
import type { Filter } from './filter';
import { icon, Node } from './node';
import { Tooltip } from './tooltip';
import type { Drawing } from './tree';

interface Group {
  title: string;
  icon: ThemeIcon;
  open: boolean;
}

const GROUPS: Record<BoardGroup, Group> = {
  mine: { title: 'Mine', icon: icon('account', 'remit.mine'), open: true },
  ready: { title: 'Ready to Claim', icon: icon('circle-large-outline'), open: true },
  others: { title: 'Others’ Work', icon: icon('lock', 'remit.others'), open: true },
  waiting: { title: 'Waiting for Dependencies', icon: icon('watch'), open: false },
  'in-review': { title: 'In Review', icon: icon('eye'), open: true },
  blocked: { title: 'Blocked', icon: icon('circle-slash'), open: true },
  done: { title: 'Done', icon: icon('pass'), open: false },
};

export const boardView = (filter: Filter): Drawing => ({
  tellsTime: true,
  redrawOn: filter.onDidChange,
  message: () => (filter.text === '' ? undefined : messages.filtered(filter.text)),
  rows: (repository, board) =>
    (Object.keys(GROUPS) as BoardGroup[]).flatMap((group) => {
      const modules = board.modules.filter((module) => module.group === group && filter.lets(board, module));
      return modules.length > 0 ? [new GroupNode(repository, board, group, modules)] : [];
    }),
});

class GroupNode extends Node {
  constructor(
    repository: Repository,
    private readonly board: BoardReply,
    group: BoardGroup,
    private readonly modules: BoardModule[],
  ) {
    const { title, open } = GROUPS[group];
    const count = modules.length.toString();
    super(repository, `group/${group}`, {
      label: title,
      spoken: `${title}, ${count} ${modules.length === 1 ? 'module' : 'modules'}`,
    });
    this.description = count;
    this.contextValue = 'group';
    this.fold(open);
  }

  override children(): Node[] {
    return this.modules.map((module) => new ModuleNode(this.repository, this.board, module));
  }
}

export class ModuleNode extends Node {
  constructor(
    repository: Repository,
    board: BoardReply,
    private readonly data: BoardModule,
  ) {
    const parts = described(board, data);
    super(repository, `module/${data.id}`, {
      label: data.id,
      spoken: [data.id, ...parts, ...data.reasons].join(', '),
      module: data.id,
    });
    this.description = parts.join(' · ');
    this.iconPath = data.lease?.expired ? icon('warning', 'list.warningForeground') : GROUPS[data.group].icon;
    this.tooltip = moduleTooltip(board, data);
    this.contextValue = contextOf(data);
    if (data.owned_paths.length > 0) this.fold(false);
  }

  override children(): Node[] {
    return this.data.owned_paths.map((pattern) => new PathNode(this.repository, this.data.id, pattern));
  }
}

class PathNode extends Node {
  override readonly iconPath = icon('symbol-file');

  constructor(repository: Repository, module: string, pattern: string) {
    super(repository, `module/${module}/path/${pattern}`, { label: pattern, spoken: `owns ${pattern}` });
    this.contextValue = 'path';
  }
}

/** Where the first reason says what is to be done; elsewhere all of them stand in the tooltip. */
const TOLD_WHY: readonly BoardGroup[] = ['mine', 'waiting', 'blocked'];

// A narrow view cuts off the end: first what changes, last what can be looked up.
function described(board: BoardReply, { id, title, group, owner, lease, reasons }: BoardModule): string[] {
  const who = owner && group !== 'mine' ? [agentName(board, owner)] : [];
  const why = TOLD_WHY.includes(group) ? reasons.slice(0, 1) : [];
  return [...who, ...(lease ? [leaseText(lease)] : []), ...why, ...(title && title !== id ? [title] : [])];
}

/** What the sidecar allows now, each in angle brackets: `claim` must not be found in `claim-handoff`. */
const contextOf = ({ actions }: BoardModule): string => ['module', ...actions.map((action) => `<${action}>`)].join(' ');

function moduleTooltip(board: BoardReply, module: BoardModule) {
  const { lease } = module;
  return new Tooltip()
    .heading(module.title || module.id)
    .paragraph(module.description)
    .facts({
      Module: module.id,
      Status: module.status,
      Owner: module.owner && agentName(board, module.owner),
      Reviewer: module.reviewer && agentName(board, module.reviewer),
      'Assigned to': module.assigned_to && agentName(board, module.assigned_to),
      Lease: lease && `${lease.holder === module.owner ? '' : `${agentName(board, lease.holder)} `}until ${clockText(lease.expires_at)} (${leaseText(lease)})`,
      Branch: module.branch,
      Priority: module.priority.toString(),
      Specialty: module.specialty,
      Blocked: module.block_reason,
      'Depends on': module.depends_on.join(', '),
    })
    .list('Why it stands here:', module.reasons)
    .list('Owns:', module.owned_paths)
    .list('Might own, to be confirmed:', module.candidate_owned_paths)
    .list('Might depend on, to be confirmed:', module.candidate_depends_on)
    .build();
}
