// Making modules and changing them: by a few questions, or many at once from a plan.
import { inform } from '../inform';
import { messages } from '../messages';
import type { Repository } from '../repository';
import type { BoardModule, BoardReply, EditModule } from '../wire';
import { warnOfOverlaps } from './claim';
import type { CommandContext } from './context';
import { resultOf } from './errors';
import { ask, askList, choose, chooseAny, chooseSeveral, pickModule } from './pick';
import { boardOf, moduleNamed } from './target';

export async function addModule({ repository }: CommandContext): Promise<void> {
  const board = boardOf(repository);
  const { ask: questions } = messages;
  const id = await ask(questions.moduleId, { placeHolder: questions.moduleIdHint, validateInput: idFlaw });
  const title = await ask(questions.moduleTitle, { title: id });
  const owned_paths = await askList(questions.modulePath, questions.modulePathHint);
  const depends_on = await askDependencies(board, id, []);
  const module = {
    id,
    ...(title ? { title } : {}),
    ...(owned_paths.length > 0 ? { owned_paths } : {}),
    ...(depends_on.length > 0 ? { depends_on } : {}),
  };
  resultOf(await repository.sidecar.command('add-module', module));
  inform(messages.added(id));
  await repository.refresh();
}

const idFlaw = (text: string): string | undefined =>
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(text.trim()) ? undefined : messages.ask.moduleIdWrong;

async function askDependencies(board: BoardReply, id: string, before: readonly string[]): Promise<string[]> {
  const others = board.modules.filter((module) => module.id !== id);
  if (others.length === 0) return [];
  const choices = others.map((module) => ({
    label: module.id,
    description: module.title === module.id ? '' : module.title,
    picked: before.includes(module.id),
    value: module.id,
  }));
  return chooseAny(messages.pick.dependencies(id), choices);
}

type Change = Omit<EditModule, 'id'>;
type Field = keyof typeof messages.fields;

const QUESTIONS: Record<Field, (module: BoardModule, board: BoardReply) => Promise<Change>> = {
  title: async ({ id, title }) => ({ title: await ask(messages.ask.moduleTitle, { title: id, value: title }) }),
  description: async ({ id, description }) => ({
    description: await ask(messages.ask.moduleDescription, { title: id, value: description }),
  }),
  priority: async ({ id }) => ({ priority: await choose(messages.pick.priority(id), messages.priorities.map((label, value) => ({ label, value }))) }),
  specialty: async ({ id, specialty }) => ({ specialty: await ask(messages.ask.specialty, { title: id, value: specialty ?? '', validateInput: idFlaw }) }),
  depends_on: async ({ id, depends_on }, board) => {
    const chosen = await askDependencies(board, id, depends_on);
    return chosen.length > 0 ? { depends_on: chosen } : { clear_depends_on: true };
  },
  owned_paths: async ({ id, owned_paths }) => {
    const paths = await askPaths(id, owned_paths);
    return paths.length > 0 ? { owned_paths: paths } : { clear_owned_paths: true };
  },
};

async function askPaths(id: string, before: readonly string[]): Promise<string[]> {
  const choices = before.map((pattern) => ({ label: pattern, picked: true, value: pattern }));
  const kept = choices.length > 0 ? await chooseAny(messages.pick.keepPaths(id), choices) : [];
  return [...kept, ...(await askList(messages.ask.modulePath, messages.ask.modulePathHint))];
}

/** One field at a time: which ones may be changed, the sidecar says. */
export async function editModule({ repository, target }: CommandContext): Promise<void> {
  const editable = ({ actions }: BoardModule): boolean => actions.includes('edit-module');
  const pick = { placeHolder: messages.pick.edit, none: messages.noModules, among: editable };
  const module = target.module ? moduleNamed(repository, target.module) : await pickModule(boardOf(repository), pick);
  const field = await choose(messages.pick.field(module.id), fieldsOf(module));
  const change = await QUESTIONS[field](module, boardOf(repository));
  await edit(repository, module.id, change);
}

function fieldsOf(module: BoardModule): { label: string; description: string; value: Field }[] {
  const drawn: readonly Field[] = ['depends_on', 'owned_paths'];
  const fields = (Object.keys(messages.fields) as Field[]).filter((field) => !drawn.includes(field) || module.actions.includes('redraw'));
  return fields.map((value) => ({ label: messages.fields[value], description: String(module[value] ?? ''), value }));
}

export async function confirmCandidates({ repository, target }: CommandContext): Promise<void> {
  const guessed = ({ actions }: BoardModule): boolean => actions.includes('confirm-module');
  const pick = { placeHolder: messages.pick.confirm, none: messages.nothingToConfirm, among: guessed };
  const module = target.module ? moduleNamed(repository, target.module) : await pickModule(boardOf(repository), pick);
  const { candidate_depends_on, candidate_owned_paths } = module;
  const guesses = [
    ...candidate_owned_paths.map((text) => ({ label: `$(file) ${text}`, picked: true, value: { kind: 'path', text } })),
    ...candidate_depends_on.map((text) => ({ label: `$(link) ${text}`, picked: true, value: { kind: 'module', text } })),
  ];
  const chosen = await chooseSeveral(messages.pick.candidates(module.id), guesses);
  const those = (wanted: string): string[] => chosen.flatMap(({ kind, text }) => (kind === wanted ? [text] : []));
  const confirmed = { id: module.id, owned_paths: those('path'), depends_on: those('module') };
  const { conflicts } = resultOf(await repository.sidecar.command('confirm-module', confirmed));
  inform(messages.edited(module.id));
  await repository.refresh();
  warnOfOverlaps(repository, module.id, conflicts);
}

async function edit(repository: Repository, id: string, change: Change): Promise<void> {
  const { conflicts } = resultOf(await repository.sidecar.command('edit-module', { id, ...change }));
  inform(messages.edited(id));
  await repository.refresh();
  warnOfOverlaps(repository, id, conflicts);
}
