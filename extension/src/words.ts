// How times and people are put in words, the same in every view.
import type { BoardReply, Lease } from './wire';

/** Whoever has a name on a board. */
export type People = Pick<BoardReply, 'agents' | 'me'>;

/** The name of an agent as people know it. */
export function agentName({ agents, me }: People, agent: string | null | undefined): string {
  if (!agent) return 'nobody';
  if (agent === me?.agent_id) return 'you';
  return agents.find(({ id }) => id === agent)?.name ?? agent;
}

/** `25 min left`, `2 h left`; what has run out says so. */
export function leaseText(lease: Lease, now: number = Date.now()): string {
  const left = Date.parse(lease.expires_at) - now;
  if (lease.expired || left <= 0) return 'lease ran out';
  return `${durationText(left)} left`;
}

export function durationText(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  if (ms < 60_000) return 'less than a minute';
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}

const TIME = { hour: 'numeric', minute: '2-digit' } as const;
const DAY = { ...TIME, month: 'short', day: 'numeric' } as const;
const YEAR = { ...DAY, year: 'numeric' } as const;

/** Making one takes longer than all else that a row needs. */
const formats = new Map<object, Intl.DateTimeFormat>();

/** The time of day of a moment, with the day where it is not today, and the year where it is another one. */
export function clockText(moment: string, now: Date = new Date()): string {
  const date = new Date(moment);
  const isThisYear = date.getFullYear() === now.getFullYear();
  const wanted = date.toDateString() === now.toDateString() ? TIME : isThisYear ? DAY : YEAR;
  const format = formats.get(wanted) ?? new Intl.DateTimeFormat(undefined, wanted);
  formats.set(wanted, format);
  return format.format(date);
}

/** `agent:agent-1234abcd` and the like, for people. */
export function targetText(board: BoardReply, target: string): string {
  const [kind, who] = target.split(':', 2);
  if (kind === 'agent') return agentName(board, who);
  return who ? `${kind ?? ''} for ${who}` : (kind ?? target);
}

/** `just now`, `5 min ago`. */
export function agoText(moment: string, now: number = Date.now()): string {
  const passed = now - Date.parse(moment);
  return passed < 60_000 ? 'just now' : `${durationText(passed)} ago`;
}
