import type { LogOutputChannel } from 'vscode';
import type { Graphs } from '../graph/graphs';
import type { Repositories } from '../repositories';
import type { Repository } from '../repository';
import type { Filter } from '../views/filter';
import type { Target } from './target';

/** What a command of the window works with. */
export interface WindowContext {
  repositories: Repositories;
  log: LogOutputChannel;
  /** What the Board view is narrowed to. */
  filter: Filter;
  graphs: Graphs;
}

/** What a command on one repository's board works with. */
export interface CommandContext extends WindowContext {
  repository: Repository;
  target: Target;
}
