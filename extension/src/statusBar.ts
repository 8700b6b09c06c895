// The one status bar item: who this window is, and what it holds. Trouble is told here, and nowhere else unasked.
import { MarkdownString, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from 'vscode';
import { messages } from './messages';
import type { Repositories } from './repositories';
import type { Repository } from './repository';
import { Store } from './store';
import { troubleOf, warningOf } from './trouble';
import type { BoardReply } from './wire';

interface Face {
  icon: string;
  parts: string[];
  tooltip: string;
  command: string;
  warns: boolean;
}

const SHOW_BOARD = 'remit.board.focus';
const SHOW_TROUBLE = 'remit.showTrouble';

export class StatusBar extends Store {
  private readonly item: StatusBarItem = this.own(window.createStatusBarItem('remit', StatusBarAlignment.Left, 0));

  constructor(private readonly repositories: Repositories) {
    super();
    this.item.name = 'Remit';
    this.own(repositories.onDidChange(() => this.draw()));
    this.own(window.onDidChangeActiveTextEditor(() => this.draw()));
  }

  private draw(): void {
    const repository = this.repositories.active ?? this.repositories.all.find(({ hasBoard }) => hasBoard);
    const face = repository && faceOf(repository);
    if (face) this.show(face);
    else this.item.hide();
  }

  private show({ icon, parts, tooltip, command, warns }: Face): void {
    this.item.text = [`$(${icon})`, parts.join(' · ')].join(' ').trim();
    this.item.tooltip = new MarkdownString().appendText(tooltip);
    this.item.accessibilityInformation = { label: messages.status.spoken(parts) };
    this.item.command = command;
    this.item.backgroundColor = warns ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    this.item.show();
  }
}

/** Undefined where Remit has nothing to do. */
export function faceOf(repository: Repository): Face | undefined {
  const { state, board } = repository;
  const { status: words } = messages;
  if (state.kind === 'stopped') return undefined;
  const trouble = troubleOf(repository);
  if (trouble) return { icon: 'warning', parts: [trouble.text], tooltip: trouble.reason, command: SHOW_TROUBLE, warns: true };
  if (!board) return { icon: 'loading~spin', parts: ['Remit'], tooltip: words.starting, command: SHOW_BOARD, warns: false };
  if (!board.exists) return { icon: 'shield', parts: ['Remit', words.noBoard], tooltip: words.noBoardHint, command: SHOW_BOARD, warns: false };
  return atWork(board, warningOf(repository)?.reason);
}

function atWork(board: BoardReply, warning: string | undefined): Face {
  const { status: words } = messages;
  const mine = board.modules.filter(({ group }) => group === 'mine');
  const conflicts = board.conflicts.length;
  const me = board.agents.find(({ id }) => id === board.me?.agent_id);
  const counts = [...(mine.length > 0 ? [words.mine(mine.length)] : []), ...(conflicts > 0 ? [words.conflicts(conflicts)] : [])];
  const holds = mine.length > 0 ? `holds ${mine.map(({ id }) => id).join(', ')}` : 'holds no module';
  return {
    icon: 'shield',
    parts: [me?.name ?? 'Remit', ...counts],
    tooltip: [`${me?.thread_key ?? 'This window'} ${holds}`, ...(warning ? [warning] : [])].join('\n'),
    command: conflicts > 0 ? 'remit.conflicts.focus' : SHOW_BOARD,
    warns: false,
  };
}
