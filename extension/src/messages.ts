// Everything that the extension says to people, in one place.
import type { Failure, ScopeConflict } from './wire';

/** The sidecar's reasons are half sentences; people get whole ones. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  const first = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?…]$/.test(first) ? first : `${first}.`;
}

export const failureText = ({ message, hint }: Pick<Failure, 'message' | 'hint'>): string => [message, ...(hint ? [hint] : [])].map(sentence).join(' ');

const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

export const messages = {
  sidecarDown: 'Remit’s sidecar is not running at the moment; nothing was changed. It is started again by itself.',
  noRepository: 'Open a folder of a repository first: Remit keeps its board there.',
  noBoard: 'There is no board in this repository yet.',
  defect: (text: string) => `Remit could not do that: ${sentence(text)} The log has the details.`,
  outside: (path: string) => `${path} lies outside of the repository that this window works in.`,
  wholeRepository: 'That is the whole repository. Choose folders or files in it.',
  noFile: 'Choose files or folders in the explorer, or open a file, and run this again.',

  boardMade: (folder: string) => `Remit: the board is in ${folder}`,
  boardThere: 'Remit: the board was there already',
  claimed: (module: string) => `Remit: ${module} is yours`,
  released: (module: string) => `Remit: ${module} is free again`,
  finished: (module: string) => `Remit: ${module} is done`,
  handedOff: (module: string, to: string) => `Remit: ${module} is offered to ${to}`,
  acknowledged: (module: string) => `Remit: the handoff of ${module} is acknowledged`,
  added: (module: string) => `Remit: ${module} is on the board`,
  pathsAdded: (module: string, count: number) => `Remit: ${plural(count, 'path')} added to ${module}`,
  leaseLost: (modules: readonly string[]) => `Remit: ${modules.join(', ')} passed to somebody else`,
  restarted: 'Remit: the sidecar runs again',
  refreshed: 'Remit: the board is current',
  overlap: (module: string, conflicts: readonly ScopeConflict[], who: (agent: string | null) => string) => {
    const rows = conflicts.slice(0, 3).map((one) => `${one.module} of ${who(one.owner)} (${one.witness})`);
    const more = conflicts.length > 3 ? `, and ${(conflicts.length - 3)} more` : '';
    return `${module} overlaps paths that somebody answers for: ${rows.join(', ')}${more}.`;
  },

  nothingToClaim: 'Remit: nothing can be claimed now',
  nothingMine: 'Remit: you hold no module now',
  nothingExpired: 'Remit: no lease has run out',
  nothingOffered: 'Remit: no handoff is offered to you',
  nothingToAcknowledge: 'Remit: there is no handoff to acknowledge',
  noHandoffs: 'Remit: there are no handoffs',
  noModules: 'Remit: the board has no modules yet',
  nothingToPropose: (module: string) => `Remit: nothing speaks for more paths of ${module}`,
  noSuchModule: (module: string) => `There is no module ${module} on this board any more.`,
  bundleMissing: (module: string) => `The bundle of ${module} is not on disk yet. Try again in a moment.`,
  statusMissing: 'project-plan/STATUS.md is not on disk yet. Try again in a moment.',

  pick: {
    repository: 'Which repository?',
    claim: 'Which module do you want to work on?',
    claimNone: 'Which module?',
    release: 'Which module do you give back?',
    finish: 'Which module is done?',
    handOff: 'Which module do you hand off?',
    takeOver: 'Which module do you take over? Its lease has run out.',
    claimHandoff: 'Which handoff do you take?',
    acknowledge: 'Which handoff have you read?',
    openHandoff: 'Which handoff do you want to read?',
    infer: 'For which module do you want proposals?',
    proposals: (module: string) => `Which of these paths does ${module} own?`,
    addTo: 'To which of your modules?',
    target: (module: string) => `To whom do you hand ${module}?`,
  },
  ask: {
    reason: (count: number) => `What do you want to do with ${count === 1 ? 'this path' : `these ${count} paths`}?`,
    reasonHint: 'Others see it as the title. Enter alone is fine.',
    summary: (module: string) => `Where does ${module} stand?`,
    summaryHint: 'What is done, what is half done, what surprised you.',
    nextStep: (count: number) => (count === 0 ? 'What is to be done next?' : `And then? (${plural(count, 'step')} so far)`),
    nextStepHint: 'Enter alone finishes the list.',
    moduleId: 'What is the module called?',
    moduleIdHint: 'Such as core-auth: letters, digits, “.”, “_” and “-”.',
    moduleIdWrong: '1 to 128 letters, digits, “.”, “_”, “-”, beginning with a letter or digit.',
    moduleTitle: 'What is it about, in a line?',
    modulePath: (count: number) => (count === 0 ? 'Which paths does it own?' : `Which else? (${plural(count, 'path')} so far)`),
    modulePathHint: 'A path pattern such as src/auth or *.proto. Enter alone finishes the list.',
  },
  target: {
    workers: 'Any worker',
    workersDetail: 'Whoever works here may take it',
    reviewers: 'Any reviewer',
    reviewersDetail: 'For a look before it is done',
    specialty: (specialty: string) => `Workers for ${specialty}`,
    live: 'here now',
    away: 'not here now',
  },
  button: {
    showLog: 'Show Log',
    makeBoard: 'Make a Board',
  },
  status: {
    starting: 'Remit is starting',
    noBoard: 'no board',
    noBoardHint: 'There is no board in this repository yet. Nothing is written before you make one.',
    down: 'Remit is down',
    downHint: (reason: string) => `The sidecar is not running: ${sentence(reason)} It is started again by itself.`,
    trouble: 'Remit has a problem',
    mine: (count: number) => `${count} mine`,
    conflicts: (count: number) => plural(count, 'conflict'),
    spoken: (parts: readonly string[]) => `Remit: ${parts.join(', ')}`,
  },
} as const;
