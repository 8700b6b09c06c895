// What the Board view is narrowed to: words that a module's row, or what can be looked up about it, must all contain.
import { EventEmitter } from 'vscode';
import { Store } from '../store';
import { agentName } from '../words';
import type { BoardModule, BoardReply } from '../wire';

export class Filter extends Store {
  private readonly changeEmitter = this.own(new EventEmitter<undefined>());
  readonly onDidChange = this.changeEmitter.event;
  private current = '';

  get text(): string {
    return this.current;
  }

  set(text: string): void {
    if (text.trim() === this.current) return;
    this.current = text.trim();
    this.changeEmitter.fire(undefined);
  }

  lets(board: BoardReply, module: BoardModule): boolean {
    if (this.current === '') return true;
    const text = textOf(board, module);
    return this.current.toLowerCase().split(/\s+/).every((word) => text.includes(word));
  }
}

function textOf(board: BoardReply, { id, title, status, specialty, owner, reviewer, owned_paths, branch }: BoardModule): string {
  const people = [owner, reviewer].flatMap((agent) => (agent ? [agentName(board, agent)] : []));
  return [id, title, status, specialty, branch, ...people, ...owned_paths].join(' ').toLowerCase();
}
