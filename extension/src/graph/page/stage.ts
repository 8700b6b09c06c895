// A picture larger than its frame, moved by the browser's own scrolling. While somebody zooms, what was drawn is only stretched,
// which the browser does without drawing it again; once they rest it is drawn at its new size, so that text is sharp.

interface Place {
  scale?: number;
  left?: number;
  top?: number;
}

const [SMALLEST, LARGEST] = [0.02, 4];
const STEP = 1.25;
/** At first the picture is not smaller than this: text is to be read. */
const READABLE = 0.6;
const PAN = 80;
const REMEMBER_MS = 200;
/** Whoever did not zoom for so long looks. */
const REST_MS = 150;
/** So far a pointer may tremble in a click. */
const STILL = 4;

export class Stage {
  private drawing: SVGSVGElement | undefined;
  /** As large as the picture is shown: what the frame scrolls. */
  private readonly sheet = document.createElement('div');
  private scale: number | undefined;
  /** The scale at which the picture was drawn. */
  private drawnAt = 1;
  /** Where an earlier life of the page stood. */
  private place: Place | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private rest: ReturnType<typeof setTimeout> | undefined;
  private wheeled = 1;
  private dragged = 0;

  constructor(
    private readonly frame: HTMLElement,
    place: Place,
    private readonly remember: (place: Place) => void,
  ) {
    this.scale = place.scale;
    this.place = place;
    this.sheet.className = 'sheet';
    frame.replaceChildren(this.sheet);
    frame.addEventListener('scroll', () => this.keep(), { passive: true });
    frame.addEventListener('wheel', (event) => this.onWheel(event), { passive: false });
    frame.addEventListener('pointerdown', (event) => this.onDown(event));
  }

  /** The click that comes now ends a drag. */
  get wasDragged(): boolean {
    return this.dragged > STILL;
  }

  /** Shows a picture where the last one stood. */
  show(drawing: SVGSVGElement): void {
    const { left = 0, top = 0 } = this.place ?? { left: this.frame.scrollLeft, top: this.frame.scrollTop };
    this.place = undefined;
    this.drawing = drawing;
    this.scale ??= Math.max(READABLE, this.whole());
    this.redraw();
    this.sheet.replaceChildren(drawing);
    this.moveTo(left, top);
  }

  zoom(steps: number): void {
    const { left, top, width, height } = this.frame.getBoundingClientRect();
    this.zoomTo((this.scale ?? 1) * STEP ** steps, left + width / 2, top + height / 2);
  }

  /** The whole picture, whatever its size. */
  fit(): void {
    this.zoomTo(this.whole(), 0, 0);
  }

  pan(x: number, y: number): void {
    this.moveTo(this.frame.scrollLeft + x * PAN, this.frame.scrollTop + y * PAN);
  }

  // What lies under (x, y) stays there.
  private zoomTo(wanted: number, x: number, y: number): void {
    const before = this.scale ?? 1;
    const scale = Math.min(LARGEST, Math.max(SMALLEST, wanted));
    const frame = this.frame.getBoundingClientRect();
    const moved = (scroll: number, at: number) => ((scroll + at) * scale) / before - at;
    const [left, top] = [moved(this.frame.scrollLeft, x - frame.left), moved(this.frame.scrollTop, y - frame.top)];
    this.scale = scale;
    this.stretch();
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.redraw(), REST_MS);
    this.moveTo(left, top);
  }

  private moveTo(left: number, top: number): void {
    this.frame.scrollTo({ left, top, behavior: 'instant' });
    this.keep();
  }

  private stretch(): void {
    if (!this.drawing) return;
    const scale = this.scale ?? 1;
    const { width, height } = this.extent();
    this.sheet.style.width = `${width * scale}px`;
    this.sheet.style.height = `${height * scale}px`;
    this.drawing.style.transform = `scale(${scale / this.drawnAt})`;
  }

  private redraw(): void {
    clearTimeout(this.rest);
    this.drawnAt = this.scale ?? 1;
    const { width, height } = this.extent();
    this.drawing?.setAttribute('width', String(width * this.drawnAt));
    this.drawing?.setAttribute('height', String(height * this.drawnAt));
    this.stretch();
  }

  private whole(): number {
    const { width, height } = this.extent();
    return Math.min(1, this.frame.clientWidth / width, this.frame.clientHeight / height);
  }

  private extent(): { width: number; height: number } {
    return this.drawing?.viewBox.baseVal ?? { width: 1, height: 1 };
  }

  // Turns of the wheel between two frames are drawn once.
  private onWheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    if (this.wheeled === 1) {
      requestAnimationFrame(() => {
        this.zoomTo((this.scale ?? 1) * this.wheeled, event.clientX, event.clientY);
        this.wheeled = 1;
      });
    }
    this.wheeled *= Math.exp(-Math.sign(event.deltaY) * Math.min(Math.abs(event.deltaY), 50) * 0.004);
  }

  private onDown({ button, clientX, clientY }: PointerEvent): void {
    this.dragged = 0;
    if (button !== 0) return;
    const [left, top] = [this.frame.scrollLeft, this.frame.scrollTop];
    const until = new AbortController();
    const drag = (event: PointerEvent): void => {
      const [x, y] = [clientX - event.clientX, clientY - event.clientY];
      this.dragged = Math.max(this.dragged, Math.hypot(x, y));
      if (this.wasDragged) this.moveTo(left + x, top + y);
    };
    window.addEventListener('pointermove', drag, { signal: until.signal });
    for (const end of ['pointerup', 'pointercancel', 'blur']) window.addEventListener(end, () => until.abort(), { signal: until.signal });
  }

  private keep(): void {
    clearTimeout(this.timer);
    const { scale, frame } = this;
    this.timer = setTimeout(() => this.remember({ scale, left: frame.scrollLeft, top: frame.scrollTop }), REMEMBER_MS);
  }
}
