// Just enough of JSON Schema to hold an answer to what the binary itself says about its answers. A keyword that isn't known
// here is an error, so that nothing passes unread.

const ANNOTATIONS = ['description', 'default', 'format'];

/** What is wrong with `value`, as lines `where: what`; empty when it fits. Fields that the schema doesn't name are wrong too. */
export function mismatches(value, schema, definitions, where = '$') {
  const wrong = [];
  for (const [keyword, wanted] of Object.entries(schema)) {
    if (ANNOTATIONS.includes(keyword)) continue;
    const check = KEYWORDS[keyword];
    if (!check) throw new Error(`${where}: the keyword ${keyword} is not known here`);
    wrong.push(...check(value, wanted, { schema, definitions, where }));
  }
  return wrong;
}

const KEYWORDS = {
  $ref: (value, wanted, { definitions, where }) => mismatches(value, definitions[wanted.split('/').at(-1)], definitions, where),
  type: (value, wanted, { where }) => ([wanted].flat().some((type) => isOfType(value, type)) ? [] : [`${where}: no ${wanted}`]),
  pattern: (value, wanted, { where }) => (typeof value !== 'string' || new RegExp(wanted, 'u').test(value) ? [] : [`${where}: ${value} does not match ${wanted}`]),
  enum: (value, wanted, { where }) => (wanted.includes(value) ? [] : [`${where}: ${value} is none of ${wanted}`]),
  const: (value, wanted, { where }) => (value === wanted ? [] : [`${where}: not ${wanted}`]),
  minimum: (value, wanted, { where }) => (value < wanted ? [`${where}: less than ${wanted}`] : []),
  maximum: (value, wanted, { where }) => (value > wanted ? [`${where}: more than ${wanted}`] : []),
  items: (value, wanted, { definitions, where }) => [value].flat().flatMap((item, at) => mismatches(item, wanted, definitions, `${where}[${at}]`)),
  required: (value, wanted, { where }) => wanted.filter((name) => isOfType(value, 'object') && !(name in value)).map((name) => `${where}: ${name} is missing`),
  properties: (value, wanted, { definitions, where }) =>
    Object.entries(isOfType(value, 'object') ? value : {}).flatMap(([name, field]) =>
      wanted[name] ? mismatches(field, wanted[name], definitions, `${where}.${name}`) : [`${where}: ${name} is not in the schema`],
    ),
  anyOf: (value, wanted, context) => oneFits(value, wanted, context),
  oneOf: (value, wanted, context) => oneFits(value, wanted, context),
  allOf: (value, wanted, { definitions, where }) => wanted.flatMap((schema) => mismatches(value, schema, definitions, where)),
};

function oneFits(value, schemas, { definitions, where }) {
  const tries = schemas.map((schema) => mismatches(value, schema, definitions, where));
  return tries.some((wrong) => wrong.length === 0) ? [] : tries.flat();
}

function isOfType(value, type) {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'object':
      return value !== null && typeof value === 'object' && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}
