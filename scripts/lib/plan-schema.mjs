// The schema of a plan's file, for editors: what `import-plan` reads, with all that it refers to, and a place for `$schema`.
const PREFIX = '#/definitions/';

export function planSchema({ commands, definitions: { arguments: known } }) {
  const root = nameOf(commands['import-plan'].arguments);
  const needed = Object.fromEntries([...reached(root, known)].filter((name) => name !== root).sort().map((name) => [name, known[name]]));
  const { properties, ...plan } = known[root];
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A plan for Remit',
    ...plan,
    properties: { $schema: { type: 'string' }, ...properties },
    definitions: needed,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

const nameOf = ({ $ref }) => $ref.slice(PREFIX.length);

function reached(name, known, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const next of refsIn(known[name])) reached(next, known, seen);
  return seen;
}

function refsIn(value) {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) => (key === '$ref' ? [nameOf({ $ref: item })] : refsIn(item)));
}
