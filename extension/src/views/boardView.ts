// The Board view: the modules in the groups that the sidecar puts them in, in its order.
import type { MarkdownString, ThemeIcon } from 'vscode';
import { messages } from '../messages';
import type { Repository } from '../repository';
import { agentName, clockText, leaseText, type People } from '../words';
import type { BoardGroup, BoardModule } from '../wire';
import type { Filter } from './filter';
import { Kept } from './kept';
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

export function boardView(filter: Filter): Drawing {
  const kept = new Kept<BoardModule, ModuleNode>();
  return {
    tellsTime: true,
    redrawOn: filter.onDidChange,
    message: () => (filter.text === '' ? undefined : messages.filtered(filter.text)),
    rows: (repository, board) => {
      const people = { agents: board.agents, me: board.me };
      return (Object.keys(GROUPS) as BoardGroup[]).flatMap((group) => {
        const modules = board.modules.filter((module) => module.group === group && filter.lets(board, module));
        const row = (module: BoardModule) => kept.of(module, changingWords(people, module), () => new ModuleNode(repository, people, module));
        const children = () => modules.map(row);
        return modules.length > 0 ? [new GroupNode(repository, group, modules.length, children)] : [];
      });
    },
  };
}

/** What a row says that is not in its module: names of people, and time. */
function changingWords(people: People, { owner, reviewer, assigned_to, lease }: BoardModule): string {
  const names = [owner, reviewer, assigned_to, lease?.holder].flatMap((agent) => (agent ? [agentName(people, agent)] : []));
  return [...names, ...(lease ? [leaseText(lease)] : [])].join('\n');
}

class GroupNode extends Node {
  constructor(
    repository: Repository,
    group: BoardGroup,
    count: number,
    private readonly rows: () => Node[],
  ) {
    const { title, open } = GROUPS[group];
    super(repository, `group/${group}`, {
      label: title,
      spoken: `${title}, ${count.toString()} ${count === 1 ? 'module' : 'modules'}`,
    });
    this.description = count.toString();
    this.contextValue = 'group';
    this.fold(open);
  }

  override children(): Node[] {
    return this.rows();
  }
}

export class ModuleNode extends Node {
  constructor(
    repository: Repository,
    private readonly people: People,
    private readonly data: BoardModule,
  ) {
    const parts = described(people, data);
    super(repository, `module/${data.id}`, {
      label: data.id,
      spoken: [data.id, ...parts, ...data.reasons].join(', '),
      module: data.id,
    });
    this.description = parts.join(' · ');
    this.iconPath = data.lease?.expired ? icon('warning', 'list.warningForeground') : GROUPS[data.group].icon;
    this.contextValue = contextOf(data);
    if (data.owned_paths.length > 0) this.fold(false);
  }

  override hint(): MarkdownString {
    return moduleTooltip(this.people, this.data);
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
function described(people: People, { id, title, group, owner, assigned_to, lease, reasons }: BoardModule): string[] {
  const who = owner && group !== 'mine' ? [agentName(people, owner)] : [];
  const forWhom = group === 'ready' && assigned_to ? [`for ${agentName(people, assigned_to)}`] : [];
  const why = TOLD_WHY.includes(group) ? reasons.slice(0, 1) : [];
  return [...who, ...forWhom, ...(lease ? [leaseText(lease)] : []), ...why, ...(title && title !== id ? [title] : [])];
}

/** What the sidecar allows now, each in angle brackets: `claim` must not be found in `claim-handoff`. */
const contextOf = ({ actions }: BoardModule): string => ['module', ...actions.map((action) => `<${action}>`)].join(' ');

function moduleTooltip(people: People, module: BoardModule): MarkdownString {
  const { lease } = module;
  return new Tooltip()
    .heading(module.title || module.id)
    .paragraph(module.description)
    .facts({
      Module: module.id,
      Status: module.status,
      Owner: module.owner && agentName(people, module.owner),
      Reviewer: module.reviewer && agentName(people, module.reviewer),
      'Assigned to': module.assigned_to && agentName(people, module.assigned_to),
      Lease: lease && `${lease.holder === module.owner ? '' : `${agentName(people, lease.holder)} `}until ${clockText(lease.expires_at)} (${leaseText(lease)})`,
      Branch: module.branch,
      // What can be claimed has it among the reasons for its place.
      Priority: module.group === 'ready' ? null : module.priority.toString(),
      Specialty: module.specialty,
      Blocked: module.block_reason,
      'Depends on': module.depends_on.join(', '),
      'On the board since': clockText(module.created_at),
    })
    .list('Why it stands here:', module.reasons)
    .list('Owns:', module.owned_paths)
    .list('Might own, to be confirmed:', module.candidate_owned_paths)
    .list('Might depend on, to be confirmed:', module.candidate_depends_on)
    .build();
}
