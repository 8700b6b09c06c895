// The Agents view: everybody on the board, where each works, and what each holds.
import type { Repository } from '../repository';
import { agentName, agoText, leaseText } from '../words';
import type { BoardAgent, BoardModule, BoardReply, Session } from '../wire';
import { icon, Node } from './node';
import { Tooltip } from './tooltip';
import type { Drawing } from './tree';

export const agentsView: Drawing = {
  tellsTime: true,
  rows: (repository, board) => ordered(board).map((agent) => new AgentNode(repository, board, agent)),
};

/** Oneself first, then who is here, then who holds something. */
function ordered(board: BoardReply): BoardAgent[] {
  const weight = ({ id, live, holds }: BoardAgent): number =>
    (id === board.me?.agent_id ? 4 : 0) + (live ? 2 : 0) + (holds.length > 0 ? 1 : 0);
  return [...board.agents].sort((a, b) => weight(b) - weight(a) || a.name.localeCompare(b.name));
}

class AgentNode extends Node {
  constructor(
    repository: Repository,
    private readonly board: BoardReply,
    private readonly agent: BoardAgent,
  ) {
    const parts = described(board, agent);
    const sessions = sessionsOf(board, agent);
    const held = heldBy(board, agent);
    super(repository, `agent/${agent.id}`, {
      label: agent.name,
      spoken: [agent.name, ...parts].join(', '),
    });
    this.description = parts.join(' · ');
    this.iconPath = agent.live ? icon('account', agent.id === board.me?.agent_id ? 'remit.mine' : 'remit.others') : icon('circle-outline');
    this.tooltip = agentTooltip(agent);
    this.contextValue = 'agent';
    if (sessions.length + held.length > 0) this.fold(agent.holds.length > 0);
  }

  override children(): Node[] {
    return [
      ...heldBy(this.board, this.agent).map((module) => new HeldNode(this.repository, this.agent, module)),
      ...sessionsOf(this.board, this.agent).map((session) => new SessionNode(this.repository, session)),
    ];
  }
}

const sessionsOf = (board: BoardReply, { id }: BoardAgent): Session[] => board.sessions.filter(({ agent }) => agent === id);
const heldBy = (board: BoardReply, { holds }: BoardAgent): BoardModule[] => board.modules.filter(({ id }) => holds.includes(id));

function described(board: BoardReply, { id, live, role, holds }: BoardAgent): string[] {
  const me = id === board.me?.agent_id ? [agentName(board, id)] : [];
  return [...me, ...(live ? [] : ['not here']), ...(holds.length > 0 ? [`holds ${holds.join(', ')}`] : []), ...(role === 'worker' ? [] : [role])];
}

function agentTooltip({ id, name, thread_key, role, specialties, holds }: BoardAgent) {
  return new Tooltip()
    .heading(name)
    .facts({ Agent: id, 'Thread key': thread_key, Role: role, Specialties: specialties.join(', ') })
    .list('Holds:', holds)
    .build();
}

class HeldNode extends Node {
  constructor(repository: Repository, { id }: BoardAgent, module: BoardModule) {
    const left = module.lease ? [leaseText(module.lease)] : [];
    super(repository, `agent/${id}/holds/${module.id}`, {
      label: module.id,
      spoken: ['holds', module.id, ...left].join(' '),
      module: module.id,
    });
    this.description = [...left, ...(module.title === module.id ? [] : [module.title])].join(' · ');
    this.iconPath = module.lease?.expired ? icon('warning', 'list.warningForeground') : icon('key');
    this.contextValue = ['module', ...module.actions.map((action) => `<${action}>`)].join(' ');
  }
}

// A terminal is called what its user called it; a window's id is made to be different, not to be read.
function placeOf({ kind, window_id, worktree }: Session): string {
  const folder = worktree?.split(/[\\/]/).findLast(Boolean);
  return kind === 'terminal' || !folder ? window_id : `${folder}${/#\d+$/.exec(window_id)?.[0] ?? ''}`;
}

class SessionNode extends Node {
  constructor(repository: Repository, session: Session) {
    const { id, kind, host_id, window_id, worktree, branch, live, last_seen } = session;
    const seen = live ? 'here now' : last_seen ? `seen ${agoText(last_seen)}` : 'not here';
    const parts = [seen, ...(branch ? [branch] : [])];
    super(repository, `session/${id}`, { label: placeOf(session), spoken: [kind, placeOf(session), ...parts].join(', ') });
    this.description = parts.join(' · ');
    this.iconPath = icon(kind === 'terminal' ? 'terminal' : 'window');
    this.contextValue = 'session';
    this.tooltip = new Tooltip()
      .heading(window_id)
      .facts({ Kind: kind, Host: host_id, Window: window_id, Session: id, Worktree: worktree, Branch: branch, Seen: seen })
      .build();
  }
}
