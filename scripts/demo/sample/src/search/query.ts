export const words = (query: string): string[] => query.toLowerCase().split(/\s+/).filter(Boolean);

export const matches = (title: string, query: string): boolean =>
  words(query).every((word) => title.toLowerCase().includes(word));
