// Every setting that the extension reads, by name, once.
import { ConfigurationTarget, type ConfigurationScope, workspace } from 'vscode';
import type { InitializationOptions } from './wire';

const nonEmpty = (text: string | undefined): string | undefined => (text?.trim() === '' ? undefined : text?.trim());
const configuration = (scope?: ConfigurationScope) => workspace.getConfiguration('remit', scope);

/** Undefined for the bundled one, which is all that an untrusted workspace gets, whoever configured another. */
export function sidecarPath(scope: ConfigurationScope): string | undefined {
  if (!workspace.isTrusted) return undefined;
  return nonEmpty(configuration(scope).get<string>('sidecar.path'));
}

/** Who the window is on the board. */
export function identityOf(scope: ConfigurationScope): Partial<InitializationOptions> {
  const threadKey = nonEmpty(configuration(scope).get<string>('agent.threadKey'));
  const role = chosen('agent.role', scope);
  const specialties = configuration(scope).get<string[]>('agent.specialty')?.filter((one) => one.trim() !== '');
  return {
    ...(threadKey ? { threadKey } : {}),
    ...(typeof role === 'string' ? { role } : {}),
    ...(specialties?.length ? { specialties } : {}),
    ...leaseOf(scope, 'leaseSeconds'),
    ...presenceOf(scope),
  };
}

/** The lease's time under the name that the receiver has for it; nothing where the sidecar's default stands. */
export function leaseOf<K extends string>(scope: ConfigurationScope | undefined, name: K): Partial<Record<K, number>> {
  const seconds = chosen('lease.seconds', scope);
  return (typeof seconds === 'number' ? { [name]: seconds } : {}) as Partial<Record<K, number>>;
}

function presenceOf(scope: ConfigurationScope): { presence?: string } {
  const presence = chosen('presence', scope);
  return typeof presence === 'string' ? { presence } : {};
}

// Defaults are the sidecar's: what the manifest says of them is for people.
function chosen(name: string, scope: ConfigurationScope | undefined): unknown {
  const value = configuration(scope).get(name);
  return value === configuration(scope).inspect(name)?.defaultValue ? undefined : value;
}

/** What a running sidecar was told when it started: a change of these needs another one. */
export const TOLD_AT_START = ['remit.sidecar.path', 'remit.agent', 'remit.lease', 'remit.presence'] as const;

export const traceIsOn = (): boolean => configuration().get<string>('trace.server') === 'messages';

/** The kinds of pop-ups, as the settings `remit.notifications.*` name them. */
export type PopupKind = 'leaseLost' | 'handoff' | 'other';

export const popupIsOn = (kind: PopupKind): boolean => configuration().get<boolean>(`notifications.${kind}`) === true;

export const turnOffPopup = (kind: PopupKind): Thenable<void> => configuration().update(`notifications.${kind}`, false, ConfigurationTarget.Global);

export const codeLensIsOn = (scope: ConfigurationScope): boolean => configuration(scope).get<boolean>('codeLens') === true;
