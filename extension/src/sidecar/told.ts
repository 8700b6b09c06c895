// The board as the sidecar tells it: whole at first, then by what differs from its last answer. A row that stays is the same object
// in both boards, and a list in which nothing changed the same list: who draws them need not look any further.
import type { BoardDifference, BoardReply } from '../wire';

export type ToldBoard = BoardReply & Marked;
/** `since` is the mark of the answer that it is told over. */
export type BoardAnswer = ToldBoard | (BoardDifference & Marked & { since: string });

interface Marked {
  mark: string;
}

/** So many rows of the earlier list, then other ones. */
interface Stretch<T> {
  from: number;
  count: number;
  rows: T[];
}

/** The board that an answer tells; undefined when it is told over another one than `before`. */
export function boardOf(answer: BoardAnswer, before: ToldBoard | undefined): ToldBoard | undefined {
  if (!('since' in answer)) return answer;
  const { since, ...now } = answer;
  if (since !== before?.mark) return undefined;
  return {
    ...now,
    agents: over(before.agents, now.agents),
    sessions: over(before.sessions, now.sessions),
    modules: over(before.modules, now.modules),
    handoffs: over(before.handoffs, now.handoffs),
    conflicts: over(before.conflicts, now.conflicts),
    notifications: over(before.notifications, now.notifications),
  };
}

function over<T>(before: T[], stretches: readonly Stretch<T>[]): T[] {
  const rows = stretches.flatMap(({ from, count, rows }) => [...before.slice(from, from + count), ...rows]);
  return rows.length === before.length && rows.every((row, index) => row === before[index]) ? before : rows;
}
