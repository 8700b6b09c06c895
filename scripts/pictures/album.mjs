// A surface that does not appear is missed, and the next one is tried all the same: its picture shows what was there instead.
import fs from 'node:fs';
import path from 'node:path';

/** One theme's windows, each opened when a surface first wants it. */
export class Album {
  /** `frame` says of a surface's name where its picture goes, and how high it is at most. */
  constructor(editor, shop, frame) {
    Object.assign(this, { editor, shop, frame, windows: new Map() });
  }

  /** False where the surface did not appear; the picture shows what did. */
  async take({ name, of, show }) {
    const window = await this.#window(of);
    const { file, height = Infinity } = this.frame(name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    try {
      const part = (await show(window, this.shop)) ?? { x: 0, y: 0, ...window.page.viewportSize() };
      const clip = { ...part, height: Math.min(part.height, height) };
      await window.page.screenshot({ path: file, animations: 'disabled', clip });
      return true;
    } catch (error) {
      console.log(`${name}: ${error.message.split('\n')[0]}`);
      await window.screenshot(file);
      return false;
    } finally {
      await window.rest();
    }
  }

  async #window(of) {
    if (!this.windows.has(of)) {
      if (of === 'shop') this.shop.fill();
      this.windows.set(of, await this.editor.open(of === 'shop' ? this.shop.main : this.shop.plain, of));
    }
    return this.windows.get(of);
  }
}
