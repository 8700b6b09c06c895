// Tells a sidecar that hangs from one that works. A question may take its time, so none has a limit; but a ping is answered by a
// task that never waits, and a sidecar that leaves it unanswered does nothing at all.

/** Silence is counted in looks and not in time: a machine that slept looks once when it wakes, and hears the answer. */
const LOOK_MS = 5_000;
const LOOKS_IN_SILENCE = 3;

export class Pulse {
  private readonly timer: NodeJS.Timeout;
  private unanswered = 0;
  private waiting = false;

  constructor(
    private readonly ping: () => Promise<unknown>,
    private readonly onSilence: () => void,
    everyMs = LOOK_MS,
  ) {
    this.timer = setInterval(() => this.look(), everyMs);
  }

  dispose(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    if (!this.waiting) {
      this.ask();
    } else if ((this.unanswered += 1) >= LOOKS_IN_SILENCE) {
      this.dispose();
      this.onSilence();
    }
  }

  private ask(): void {
    this.waiting = true;
    this.unanswered = 0;
    // An older sidecar refuses to be pinged, which is an answer too.
    const heard = (): boolean => (this.waiting = false);
    this.ping().then(heard, heard);
  }
}
