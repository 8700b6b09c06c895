/** How long to wait before a sidecar that died is started again: at once at first, then ever more slowly, in the end not at all. */
export class Backoff {
  private failures = 0;

  constructor(
    private readonly firstMs = 250,
    private readonly longestMs = 30_000,
    /** A life as long as this was a good one: what happened before it is forgotten. */
    private readonly goodLifeMs = 60_000,
    /** So many short lives in a row are no accident. */
    private readonly most = 8,
  ) {}

  /** The wait after a life of `livedMs`; undefined when the next life would end no better. */
  next(livedMs: number): number | undefined {
    if (livedMs >= this.goodLifeMs) this.failures = 0;
    this.failures += 1;
    return this.failures < this.most ? this.waitAfter(this.failures) : undefined;
  }

  /** The wait while something stands in the way that only others can clear; it is never too much to look again. */
  nextLook(): number {
    this.failures = Math.min(this.failures + 1, this.most - 1);
    return this.waitAfter(this.failures);
  }

  reset(): void {
    this.failures = 0;
  }

  private waitAfter(failures: number): number {
    return Math.min(this.firstMs * 2 ** (failures - 1), this.longestMs);
  }
}
