// A surface that does not appear is missed, and the next one is tried all the same: its picture shows what was there instead.
import fs from 'node:fs';
import path from 'node:path';

/** One theme's windows, each opened when a surface first wants it. */
export class Album {
  constructor(editor, shop, folder) {
    Object.assign(this, { editor, shop, folder, windows: new Map() });
    fs.mkdirSync(folder, { recursive: true });
  }

  /** False where the surface did not appear; the picture shows what did. */
  async take({ name, of, show }) {
    const window = await this.#window(of);
    const file = path.join(this.folder, `${name}.png`);
    try {
      const clip = await show(window, this.shop);
      await window.page.screenshot({ path: file, animations: 'disabled', ...(clip ? { clip } : {}) });
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
