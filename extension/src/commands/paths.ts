// What a module owns: adding paths by hand, and from the proposals that git and the files suggest.
import { inform } from '../inform';
import { messages } from '../messages';
import type { Repository } from '../repository';
import type { BoardModule } from '../wire';
import { pickMine, warnOfOverlaps } from './claim';
import type { CommandContext } from './context';
import { NothingToDo, resultOf } from './errors';
import { chooseSeveral, pickModule } from './pick';
import { boardOf, pathsOf } from './target';

export async function addToMyPaths({ repository, target }: CommandContext): Promise<void> {
  const paths = pathsOf(target, repository);
  const redrawn = ({ group, actions }: BoardModule): boolean => group === 'mine' && actions.includes('redraw');
  const mine = boardOf(repository).modules.filter((one) => redrawn(one) && (!target.module || one.id === target.module));
  const [only, another] = mine;
  const module = only && !another ? only : await pickMine(repository, 'redraw', messages.pick.addTo);
  await own(repository, module.id, paths.map(literalPattern));
}

/** A path that a person points at is meant literally, whatever characters are in it. */
export const literalPattern = (path: string): string => path.replace(/[\\*?[\]{}]/g, '\\$&');

export async function inferPaths({ repository, target }: CommandContext): Promise<void> {
  const pick = { placeHolder: messages.pick.infer, none: messages.noModules, among: canPropose };
  const module = target.module ?? (await pickModule(boardOf(repository), pick)).id;
  const { proposals } = resultOf(await repository.sidecar.command('infer-paths', { module, apply: false }));
  if (proposals.length === 0) throw new NothingToDo(messages.nothingToPropose(module));
  const choices = proposals.map((one) => ({
    label: `${one.is_folder ? '$(folder)' : '$(file)'} ${one.path}`,
    detail: one.evidence.join(' · '),
    picked: true,
    value: one.pattern,
  }));
  await own(repository, module, await chooseSeveral(messages.pick.proposals(module), choices));
}

const canPropose = ({ actions }: BoardModule): boolean => actions.includes('infer-paths');

/** Adds to what the module owns by now, which may be more than this window was told. */
async function own(repository: Repository, id: string, patterns: readonly string[]): Promise<void> {
  const { module } = resultOf(await repository.sidecar.query('show', { id }));
  const fresh = patterns.filter((pattern) => !module.owned_paths.includes(pattern));
  if (fresh.length > 0) {
    const edit = { id, owned_paths: [...module.owned_paths, ...fresh] };
    const { conflicts } = resultOf(await repository.sidecar.command('edit-module', edit));
    warnOfOverlaps(repository, id, conflicts);
  }
  inform(messages.pathsAdded(id, fresh.length));
  await repository.refresh();
}
