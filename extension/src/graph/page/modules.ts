// The modules of a picture: which one is meant, which ones are looked for, what hangs together with one.

/** The module whose box `target` is or lies in. */
export function chosen(target: EventTarget | null): string | undefined {
  const box = target instanceof Element ? target.closest('[data-module]') : null;
  return box?.getAttribute('data-module') ?? undefined;
}

/** Alone a picture is looked at; here each box can be pressed. */
export function pressable(drawing: Element): void {
  for (const box of drawing.querySelectorAll('[data-module]')) box.setAttribute('role', 'button');
}

/** Lets all modules step back that do not contain the words; answers the first that does. */
export function find(picture: Element, text: string): SVGElement | undefined {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const boxes = [...picture.querySelectorAll<SVGElement>('[data-module]')];
  const matches = (box: SVGElement) => words.every((word) => (box.getAttribute('aria-label') ?? '').toLowerCase().includes(word));
  for (const box of boxes) box.classList.toggle('other', !matches(box));
  return words.length > 0 ? boxes.find(matches) : undefined;
}

/** Brings out a module, and the lines from and to it. */
export function light(picture: Element, module: string | undefined): void {
  for (const lit of picture.querySelectorAll('.lit')) lit.classList.remove('lit');
  if (module === undefined) return;
  const id = CSS.escape(module);
  for (const lit of picture.querySelectorAll(`[data-module="${id}"], [data-from="${id}"], [data-to="${id}"]`)) lit.classList.add('lit');
}
