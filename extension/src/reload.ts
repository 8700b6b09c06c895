// A board that a newer Remit has changed, or a sidecar that is another version now: only another window can follow. Each window
// asks once; from then on the status bar alone says it.
import { commands, window } from 'vscode';
import { messages } from './messages';
import type { Repositories } from './repositories';
import { Store } from './store';
import { troubleOf, warningOf } from './trouble';

export class ReloadRequest extends Store {
  private asked = false;

  constructor(
    private readonly repositories: Repositories,
    private readonly ask: (text: string, button: string) => Thenable<string | undefined> = (text, button) =>
      window.showInformationMessage(text, button),
  ) {
    super();
    this.own(repositories.onDidChange(() => this.look()));
  }

  private look(): void {
    if (this.asked) return;
    const wrong = this.repositories.all.map((one) => troubleOf(one) ?? warningOf(one)).find((one) => one?.reload);
    if (!wrong) return;
    this.asked = true;
    const { reload } = messages.button;
    void this.ask(messages.reload(wrong.reason), reload).then((choice) => {
      if (choice === reload) void commands.executeCommand('workbench.action.reloadWindow');
    });
  }
}
