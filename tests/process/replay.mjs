// What the board says happened, played again on the simplest model there is, in the order of revisions: it must have been
// possible, and must end where the board stands.
import assert from 'node:assert/strict';

/** The kinds of events that move a module: what each needs, and where it leads. */
const MODEL = {
  'claim-next': taken,
  claim: taken,
  heartbeat: (module, { agent }) => ({ ...held(module, agent), held: true }),
  release: (module, { agent }) => back(held(module, agent)),
  reclaim: (module, { at }) => {
    assert.ok(module.holder && ranOut(module, at), 'only a lease that ran out is taken away');
    return back(module);
  },
  finish: (module, { agent }) => ended(held(module, agent, 'in-progress'), 'done'),
  block: (module, { agent }) => ({ ...held(module, agent, 'in-progress'), status: 'blocked' }),
  unblock: (module, { agent }) => ({ ...held(module, agent, 'blocked'), status: 'in-progress' }),
  submit: (module, { agent }) => ended(held(module, agent, 'in-progress'), 'review-ready'),
  'start-review': reviewed,
  'claim-review-next': reviewed,
  'request-changes': (module, { agent }) => {
    const { owner } = held(module, agent, 'in-review');
    return { ...ended(module, 'in-progress'), holder: owner, held: true };
  },
  approve: (module, { agent }) => ended(held(module, agent, 'in-review'), 'done'),
  cancel: (module, { agent, coordinator }) => {
    assert.ok(coordinator || module.holder === agent, 'only the holder or a coordinator cancels');
    return ended(module, 'cancelled');
  },
  'handoff-bundle': (module, { agent, at }) => {
    const may = module.status === 'review-ready' ? module.owner : module.holder;
    assert.ok(may === agent || (module.holder && ranOut(module, at)), 'only the holder offers, the owner of what waits for review, or anybody once the lease ran out');
    return { ...module, offeredBy: agent };
  },
  'claim-handoff': (module, { agent }) => {
    assert.ok(module.offeredBy && module.offeredBy !== agent, 'only what somebody else offered is taken over');
    const takenOver = { ...module, holder: agent, held: true, offeredBy: null };
    if (!/review/.test(module.status)) return { ...takenOver, owner: agent };
    assert.notEqual(module.owner, agent, 'nobody reviews their own work');
    return { ...takenOver, status: 'in-review' };
  },
};

export const MOVES = Object.keys(MODEL);

/** Earlier than this no lease can have run out: each runs `ttl` from the moment it was given or renewed. */
const ranOut = (module, at) => at >= module.since + module.ttl;

function taken(module, { agent, at }) {
  const again = ['in-progress', 'blocked'].includes(module.status) && (module.holder === agent || ranOut(module, at));
  assert.ok(module.status === 'todo' || again, `${module.status} of ${module.holder} can’t be claimed by ${agent}`);
  const kept = module.owner === agent ? module.offeredBy : null;
  return { ...module, status: 'in-progress', holder: agent, owner: agent, held: true, offeredBy: kept };
}

function reviewed(module, { agent, at }) {
  const again = module.status === 'in-review' && (module.holder === agent || ranOut(module, at));
  assert.ok(module.status === 'review-ready' || again, `${module.status} of ${module.holder} can’t be reviewed by ${agent}`);
  assert.notEqual(module.owner, agent, 'nobody reviews their own work');
  return { ...module, status: 'in-review', holder: agent, held: true, offeredBy: module.holder === agent ? module.offeredBy : null };
}

/** What only the holder does, from one status. */
function held(module, agent, from = module.status) {
  assert.deepEqual([module.holder, module.status], [agent, from], 'only the holder moves what it holds');
  return module;
}

/** An offer has lost its cause when the hold ends. */
const ended = (module, status) => ({ ...module, status, holder: null, offeredBy: null });
const back = (module) => (module.status === 'in-review' ? ended(module, 'review-ready') : { ...ended(module, 'todo'), owner: null });

export class Replay {
  /** Every lease of the modules runs for `ttl` milliseconds. */
  constructor(ids, { begun, ttl, coordinators = [] }) {
    Object.assign(this, { modules: new Map(), ttl, coordinators: new Set(coordinators), revision: begun.revision, seq: begun.seq, ends: new Map() });
    this.add(ids);
  }

  add(ids) {
    for (const id of ids) this.modules.set(id, { status: 'todo', holder: null, owner: null, offeredBy: null, since: 0, ttl: this.ttl });
  }

  /** Plays the events that were not played yet, up to a revision. */
  play(events, upTo = Infinity) {
    for (const event of events.filter(({ seq, revision }) => seq > this.seq && revision <= upTo)) this.follow(event);
  }

  follow({ seq, revision, at, kind, module: id, agent_id: agent, target }) {
    assert.equal(seq, this.seq + 1, 'events without a gap');
    assert.ok(revision === this.revision || revision === this.revision + 1, `revisions without a gap: ${revision} after ${this.revision}`);
    Object.assign(this, { seq, revision });
    const step = target === null && MODEL[kind];
    if (!step) return;
    const before = this.modules.get(id);
    const when = Date.parse(at);
    try {
      const { held: given, ...after } = step(before, { agent, at: when, coordinator: this.coordinators.has(agent) });
      this.modules.set(id, { ...after, since: given ? when : after.since });
      // Whatever gives or ends a lease makes the tokens from before worthless.
      if (given || after.holder !== before.holder) this.ends.set(id, revision);
    } catch (error) {
      error.message = `event ${seq}, ${kind} of ${id}: ${error.message}`;
      throw error;
    }
  }

  /**
   * What leaves no event: a lease was renewed until `expiresAt`. By a clock that is behind, that is earlier than before, as it must
   * be: nobody can tell it from the clock that is right again after the lease was given by one far ahead.
   */
  renewed(id, expiresAt) {
    const module = this.modules.get(id);
    this.modules.set(id, { ...module, since: expiresAt - module.ttl });
  }

  /** The board, as it shows itself at the revision that was played last. */
  assertIs(modules) {
    for (const { id, status, owner, lease } of modules.filter(({ id }) => this.modules.has(id))) {
      const expected = this.modules.get(id);
      assert.deepEqual([id, status, owner, lease?.holder ?? null], [id, expected.status, expected.owner, expected.holder]);
      if (status === 'in-review') assert.notEqual(owner, lease.holder, 'nobody reviews their own work');
    }
  }

  /** Whether a token that was given out at this revision is worthless by now. */
  isStale(id, givenAt) {
    return (this.ends.get(id) ?? 0) > givenAt;
  }
}
