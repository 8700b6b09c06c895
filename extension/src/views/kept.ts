// Of thousands of rows few differ from one board to the next: the rest keep what was made of them.

export class Kept<From extends object, Made> {
  private readonly made = new WeakMap<From, { words: string; what: Made }>();

  /** What `make` made of it last, as long as the `words` that are not in it itself stay: names of people, and time. */
  of(from: From, words: string, make: () => Made): Made {
    const known = this.made.get(from);
    if (known?.words === words) return known.what;
    const what = make();
    this.made.set(from, { words, what });
    return what;
  }
}
