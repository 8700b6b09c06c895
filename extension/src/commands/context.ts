import type { LogOutputChannel } from 'vscode';
import type { Repositories } from '../repositories';
import type { Repository } from '../repository';
import type { Target } from './target';

/** What a command of the window works with. */
export interface WindowContext {
  repositories: Repositories;
  log: LogOutputChannel;
}

/** What a command on one repository's board works with. */
export interface CommandContext extends WindowContext {
  repository: Repository;
  target: Target;
}
