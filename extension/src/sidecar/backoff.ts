/** How long to wait before a sidecar that died is started again: at once at first, then ever more slowly. */
export class Backoff {
  private failures = 0;

  constructor(
    private readonly firstMs = 250,
    private readonly longestMs = 30_000,
    /** A life as long as this was a good one: what happened before it is forgotten. */
    private readonly goodLifeMs = 60_000,
  ) {}

  /** The wait after a life of `livedMs`. */
  next(livedMs: number): number {
    if (livedMs >= this.goodLifeMs) this.failures = 0;
    const wait = Math.min(this.firstMs * 2 ** this.failures, this.longestMs);
    this.failures += 1;
    return wait;
  }

  reset(): void {
    this.failures = 0;
  }
}
