// What runs in the graph's page: it shows the sidecar's picture, and keeps place, zoom, the chosen module and what is looked for from
// one picture to the next. A page that is hidden is gone; the one after it begins with what was remembered.
import { chosen, find, light, pressable } from './modules';
import { Stage } from './stage';

interface Remembered {
  root?: string;
  scale?: number;
  left?: number;
  top?: number;
  module?: string | undefined;
  words?: string;
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

let state = host.getState() ?? {};
const remember = (news: Remembered): void => host.setState((state = { ...state, ...news }));
const stage = new Stage(picture, state, remember);
wanted.value = state.words ?? '';

window.addEventListener('message', ({ data }: MessageEvent<{ root?: string; svg?: string; text?: string }>) => {
  note.textContent = data.text ?? '';
  if (data.svg === undefined) return;
  remember({ root: data.root });
  draw(data.svg);
});

function draw(svg: string): void {
  const drawing = document.importNode(new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement, true);
  if (!(drawing instanceof SVGSVGElement)) return;
  // The page lets in no rule that stands in an element: the picture's own come by the one way that is open.
  const own = drawing.querySelector('style');
  style.replaceSync(own?.textContent ?? '');
  own?.remove();
  const hadFocus = chosen(document.activeElement) !== undefined;
  pressable(drawing);
  stage.show(drawing);
  find(picture, wanted.value);
  choose(state.module);
  if (hadFocus) boxOf(state.module)?.focus({ preventScroll: true });
}

/** It stays chosen while the keyboard is elsewhere. */
function choose(module: string | undefined): void {
  if (module !== state.module) remember({ module });
  light(picture, module);
}

const boxOf = (module: string | undefined): SVGElement | null =>
  module === undefined ? null : picture.querySelector<SVGElement>(`[data-module="${CSS.escape(module)}"]`);

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
picture.addEventListener('focusin', ({ target }) => choose(chosen(target)));
// The page never takes the keyboard; when it is given it, the chosen module is where one goes on.
window.addEventListener('focus', () => document.activeElement === document.body && boxOf(state.module)?.focus({ preventScroll: true }));
wanted.addEventListener('input', () => {
  find(picture, wanted.value);
  remember({ words: wanted.value });
});
element('in').addEventListener('click', () => stage.zoom(1));
element('out').addEventListener('click', () => stage.zoom(-1));
element('all').addEventListener('click', () => stage.fit());
host.postMessage({ kind: 'ready' });
