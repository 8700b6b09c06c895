// What runs in the graph's page: it shows the sidecar's picture, and keeps place, zoom and focus from one picture to the next.
import { chosen, find, light, pressable } from './modules';
import { Stage } from './stage';

interface Remembered {
  root?: string;
  scale?: number;
  left?: number;
  top?: number;
}

declare function acquireVsCodeApi(): {
  postMessage: (message: unknown) => void;
  getState: () => Remembered | undefined;
  setState: (state: Remembered) => void;
};

const host = acquireVsCodeApi();
const element = (id: string): HTMLElement => document.getElementById(id) ?? document.body;
const [picture, note] = [element('picture'), element('note')];
const wanted = element('find') as HTMLInputElement;
const style = new CSSStyleSheet();
document.adoptedStyleSheets = [style];

let root = host.getState()?.root;
const stage = new Stage(picture, host.getState() ?? {}, (place) => host.setState({ root, ...place }));

window.addEventListener('message', ({ data }: MessageEvent<{ root?: string; svg?: string; text?: string }>) => {
  note.textContent = data.text ?? '';
  if (data.svg === undefined) return;
  root = data.root;
  draw(data.svg);
});

function draw(svg: string): void {
  const drawing = document.importNode(new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement, true);
  if (!(drawing instanceof SVGSVGElement)) return;
  // The page lets in no rule that stands in an element: the picture's own come by the one way that is open.
  const own = drawing.querySelector('style');
  style.replaceSync(own?.textContent ?? '');
  own?.remove();
  const focused = chosen(document.activeElement);
  pressable(drawing);
  stage.show(drawing);
  find(picture, wanted.value);
  if (focused !== undefined) drawing.querySelector<SVGElement>(`[data-module="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function open(target: EventTarget | null): void {
  const module = chosen(target);
  if (module !== undefined) host.postMessage({ kind: 'open', module });
}

const KEYS: Record<string, () => void> = {
  '+': () => stage.zoom(1),
  '=': () => stage.zoom(1),
  '-': () => stage.zoom(-1),
  '0': () => stage.fit(),
  '/': () => wanted.focus(),
  ArrowLeft: () => stage.pan(-1, 0),
  ArrowRight: () => stage.pan(1, 0),
  ArrowUp: () => stage.pan(0, -1),
  ArrowDown: () => stage.pan(0, 1),
};

document.addEventListener('keydown', (event) => {
  const { key, target } = event;
  const act = KEYS[key];
  if (target === wanted) {
    if (key === 'Enter') find(picture, wanted.value)?.focus();
  } else if ((key === 'Enter' || key === ' ') && chosen(target) !== undefined) {
    event.preventDefault();
    open(target);
  } else if (act && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    act();
  }
});
picture.addEventListener('click', ({ target }) => stage.wasDragged || open(target));
picture.addEventListener('focusin', ({ target }) => light(picture, chosen(target)));
picture.addEventListener('focusout', () => light(picture, undefined));
wanted.addEventListener('input', () => find(picture, wanted.value));
element('in').addEventListener('click', () => stage.zoom(1));
element('out').addEventListener('click', () => stage.zoom(-1));
element('all').addEventListener('click', () => stage.fit());
host.postMessage({ kind: 'ready' });
