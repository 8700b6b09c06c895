// What somebody who was refused would most likely do next: a button beside the reason.
import { messages } from '../messages';
import type { Failure } from '../wire';

export interface NextStep {
  label: string;
  command: string;
  module?: string | undefined;
}

const { button } = messages;

/** By the failure's code, and about the module that its details name. */
const STEPS: Partial<Record<Failure['code'], Pick<NextStep, 'label' | 'command'>>> = {
  'no-board': { label: button.makeBoard, command: 'remit.bootstrap' },
  'lease-held': { label: button.requestHandoff, command: 'remit.requestHandoff' },
  'scope-overlap': { label: button.requestHandoff, command: 'remit.requestHandoff' },
  'stale-lease': { label: button.resume, command: 'remit.resume' },
  'dependency-open': { label: button.claimNext, command: 'remit.claimNext' },
  'not-confirmed': { label: button.preflight, command: 'remit.preflight' },
  'already-exists': { label: button.edit, command: 'remit.editModule' },
  'schema-newer': { label: button.reload, command: 'workbench.action.reloadWindow' },
  corrupt: { label: button.showLog, command: 'remit.showLog' },
  internal: { label: button.showLog, command: 'remit.showLog' },
};

export function nextStep({ code, details }: Pick<Failure, 'code' | 'details'>): NextStep | undefined {
  const step = STEPS[code];
  return step && { ...step, module: moduleIn(details) };
}

/** Of an overlap, the first module that stands in the way. */
function moduleIn(details: unknown): string | undefined {
  const { module, conflicts } = fields(details);
  const first: unknown = Array.isArray(conflicts) ? conflicts[0] : undefined;
  const named = fields(first)['module'] ?? module;
  return typeof named === 'string' ? named : undefined;
}

const fields = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {});
