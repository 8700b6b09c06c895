// A worker who does whatever one may do, at random but with some sense: what it holds it goes on with, most of the time.

/** Numbers that look random and are the same each time. */
export function dice(seed) {
  let state = seed * 2654435761 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0;
    return state % below;
  };
}

const because = ['--reason', 'because'];

/** Commands by what the worker thinks of a module; each makes the words from an id and the lease's seconds. */
const on = (name, ...more) => (id) => [name, '--module', id, ...more];
const leased = (name) => (id, ttl) => [name, '--module', id, '--ttl-seconds', ttl];
const next = (name) => (id, ttl) => [name, '--ttl-seconds', ttl];

const TAKE_OVER = leased('claim-handoff');
const SEEK = [
  next('claim-next'), next('claim-next'), leased('claim'), next('claim-review-next'), leased('start-review'), TAKE_OVER, TAKE_OVER,
  on('request-handoff'), () => ['reclaim'], (id) => ['edit-module', id, '--title', 'another'], (id, ttl, me) => ['assign', '--module', id, '--to', `agent:${me}`],
];
const SENSIBLE = {
  'in-progress': [on('submit'), on('submit'), on('submit'), on('block', ...because), leased('heartbeat'), leased('claim'), on('handoff-bundle'), on('ack-handoff'), on('finish'), on('release')],
  blocked: [on('unblock'), on('unblock'), on('handoff-bundle'), on('release'), on('cancel')],
  'in-review': [on('approve'), on('approve'), (id, ttl) => ['request-changes', '--module', id, ...because, '--ttl-seconds', ttl], leased('heartbeat'), on('release'), on('handoff-bundle')],
};
const ANYTHING = [...SEEK, ...Object.values(SENSIBLE).flat()];

export class Worker {
  constructor(number, agent, ids, { ttlSeconds, offers, done = new Set() }) {
    // What was offered, and the commands that were done, as everybody hears.
    Object.assign(this, { agent, ids, offers, done, ttl: String(ttlSeconds), roll: dice(number + 1), mine: null });
  }

  /** The words of the next command. */
  next() {
    const sensible = this.mine && this.roll(4) > 0 ? SENSIBLE[this.mine.status] : null;
    const table = sensible ?? (this.roll(3) > 0 ? SEEK : ANYTHING);
    const move = table[this.roll(table.length)];
    const among = move === TAKE_OVER && this.offers.length > 0 ? this.offers : this.ids;
    const id = sensible ? this.mine.id : among[this.roll(among.length)];
    return [...move(id, this.ttl, this.agent), '--agent-id', this.agent];
  }

  /** What became of the command: the envelope, or nothing when it was killed. */
  heard([name], envelope) {
    if (envelope?.ok) this.done.add(name);
    const module = envelope?.ok ? envelope.result.module : null;
    if (module && name === 'handoff-bundle') this.offers.push(module.id ?? module);
    if (module?.lease?.holder === this.agent) this.mine = module;
    else if (!envelope?.ok || this.mine?.id === module?.id) this.mine = null;
  }
}
