// Who owns the file that somebody looks at: asked of the sidecar when it is wanted, told in the language status and, where it is
// wanted, on the file's first line.
import {
  CodeLens,
  type CodeLensProvider,
  type Command,
  type Event,
  EventEmitter,
  LanguageStatusSeverity,
  type LanguageStatusItem,
  languages,
  Range,
  type TextDocument,
  type Uri,
  window,
  workspace,
} from 'vscode';
import { messages } from '../messages';
import type { Repositories } from '../repositories';
import type { Repository } from '../repository';
import { codeLensIsOn } from '../settings';
import { Store } from '../store';
import { agentName, clockText } from '../words';
import type { BoardReply, PathOwner, Standing } from '../wire';

interface Owned {
  repository: Repository;
  board: BoardReply;
  path: string;
  owners: readonly PathOwner[];
  standing: Standing | null | undefined;
}

const { owner: words } = messages;

export class FileOwner extends Store implements CodeLensProvider {
  private readonly changeEmitter = this.own(new EventEmitter<undefined>());
  readonly onDidChangeCodeLenses: Event<undefined> = this.changeEmitter.event;
  private readonly status: LanguageStatusItem = this.own(languages.createLanguageStatusItem('remit.owner', { scheme: 'file' }));
  private asked = 0;

  constructor(private readonly repositories: Repositories) {
    super();
    this.status.name = words.name;
    this.own(languages.registerCodeLensProvider({ scheme: 'file' }, this));
    this.own(window.onDidChangeActiveTextEditor(() => void this.draw()));
    this.own(repositories.onDidChange(() => this.update()));
    this.own(workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('remit.codeLens')) this.changeEmitter.fire(undefined);
    }));
  }

  async provideCodeLenses({ uri }: TextDocument): Promise<CodeLens[]> {
    if (!codeLensIsOn(uri)) return [];
    const owned = await this.of(uri);
    if (!owned || owned.owners.length === 0) return [];
    const { title, command } = faceOf(owned);
    return [new CodeLens(new Range(0, 0, 0, 0), { ...command, title })];
  }

  private update(): void {
    void this.draw();
    if (window.visibleTextEditors.some(({ document }) => codeLensIsOn(document.uri))) this.changeEmitter.fire(undefined);
  }

  private async draw(): Promise<void> {
    const asked = (this.asked += 1);
    const uri = window.activeTextEditor?.document.uri;
    const owned = uri && (await this.of(uri));
    // A later question has a later answer.
    if (asked !== this.asked || this.isDisposed) return;
    this.status.selector = owned ? { scheme: 'file', pattern: uri.fsPath } : { scheme: 'remit-none' };
    if (!owned) return;
    const { title, detail, command } = faceOf(owned);
    this.status.text = title;
    this.status.detail = detail;
    this.status.command = command;
    this.status.severity = LanguageStatusSeverity.Information;
    this.status.accessibilityInformation = { label: `${words.name}: ${title}` };
  }

  private async of(uri: Uri): Promise<Owned | undefined> {
    const repository = this.repositories.of(uri);
    const path = repository?.ground?.pathOf(uri);
    if (!repository?.hasBoard || path === undefined) return undefined;
    const answer = await repository.sidecar.query('who-owns', { paths: [path] }).catch(() => undefined);
    const { board } = repository;
    const owned = answer?.ok ? answer.result.paths[0] : undefined;
    return owned && board ? { repository, board, path, owners: owned.owners, standing: owned.standing } : undefined;
  }
}

/** What is said of a file, and what somebody would do next who reads it. */
export function faceOf({ repository, board, path, owners, standing }: Owned): { title: string; detail: string; command: Command } {
  const subject = { repository, path, module: owners[0]?.module };
  const act = (title: string, command: string): Command => ({ title, command, arguments: [subject] });
  const [first] = owners;
  if (!first) return { title: words.nobody, detail: '', command: act(words.claim, 'remit.claimPaths') };
  const whose = owners.map((owner) => ownerText(board, owner)).join('; ');
  const title = standing === 'contested' ? words.contested(whose) : whose;
  const detail = first.title === first.module ? '' : first.title;
  if (standing !== 'others') return { title, detail, command: act(words.show, 'remit.board.focus') };
  const next = first.lease?.expired ? act(words.takeOver, 'remit.takeOver') : act(words.request, 'remit.requestHandoff');
  return { title, detail, command: next };
}

function ownerText(board: BoardReply, { module, owner, mine, lease }: PathOwner): string {
  const whose = mine ? words.yours(module) : words.others(module, agentName(board, owner));
  if (!lease) return `${whose}, ${words.waits}`;
  const at = clockText(lease.expires_at);
  return `${whose}, ${lease.expired ? words.ranOut(at) : words.until(at)}`;
}
