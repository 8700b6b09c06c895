import type { Disposable } from 'vscode';

/** Owns what it is given, and lets go of it in reverse order. */
export class Store implements Disposable {
  private readonly owned: Disposable[] = [];
  private disposed = false;

  protected own<T extends Disposable>(thing: T): T {
    if (this.disposed) thing.dispose();
    else this.owned.push(thing);
    return thing;
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    for (const thing of this.owned.splice(0).reverse()) thing.dispose();
  }
}
