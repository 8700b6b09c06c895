import assert from 'node:assert/strict';
import test from 'node:test';
import { wireTypes } from '../../scripts/lib/wire-types.mjs';

const ref = (name) => ({ $ref: `#/definitions/${name}` });
const type = (properties, required = Object.keys(properties)) => ({ type: 'object', properties, required, additionalProperties: false });

const SCHEMA = {
  commands: { claim: { arguments: ref('Claim'), reply: ref('Claimed') } },
  queries: {},
  asking: ref('Asking'),
  failure: ref('Failure'),
  difference: ref('Difference'),
  definitions: {
    arguments: {
      Id: { type: 'string' },
      Scope: type({ of: ref('Id'), patterns: { type: 'array', items: { type: 'string' } } }, ['of']),
      Wish: type({ scope: ref('Scope') }),
      Claim: type({ module: ref('Id'), wish: ref('Wish') }),
      Asking: type({ agent: ref('Id') }, []),
    },
    replies: {
      Id: { type: 'string' },
      Scope: type({ of: ref('Id'), patterns: { type: 'array', items: { type: 'string' } } }),
      Wish: type({ scope: ref('Scope') }),
      Claimed: type({ module: ref('Id'), wish: ref('Wish') }),
      Failure: type({ message: { type: 'string' } }),
      Difference: type({ claimed: ref('Claimed') }),
    },
  },
};

test('a type has one name where both contracts agree, and two where they differ, by whatever it contains', async () => {
  const text = await wireTypes(SCHEMA);
  const written = (name) => text.split('export ').find((part) => part.startsWith(`interface ${name} `)) ?? '';
  assert.equal(text.match(/export type Id\b/g).length, 1);
  assert.match(written('ScopeInput'), /patterns\?: string\[\]/);
  assert.match(written('Scope'), /patterns: string\[\]/);
  assert.match(written('WishInput'), /scope: ScopeInput/);
  assert.match(written('Claim'), /wish: WishInput/);
  assert.match(written('Claimed'), /wish: Wish;/);
  assert.match(written('Difference'), /claimed: Claimed;/);
});

test('every command and query is reachable by its name', async () => {
  assert.match(await wireTypes(SCHEMA), /commands: \{\s+claim: \{\s+arguments: Claim;\s+reply: Claimed;/);
});
