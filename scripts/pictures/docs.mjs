// The surfaces that stand in the documentation: under which name, and how much of each, from its top.
export const IN_DOCS = {
  board: { as: 'board', height: 440 },
  'squiggle-hover': { as: 'collision', height: 430 },
  'handoff-bundle': { as: 'handoff', height: 800 },
  graph: { as: 'graph', height: 440 },
};
