// Every setting that the extension reads, by name, once.
import { type ConfigurationScope, workspace } from 'vscode';
import type { InitializationOptions } from './wire';

const nonEmpty = (text: string | undefined): string | undefined => (text?.trim() === '' ? undefined : text?.trim());
const configuration = (scope?: ConfigurationScope) => workspace.getConfiguration('remit', scope);

/** Undefined for the bundled one. In an untrusted workspace VS Code withholds what the workspace configures. */
export function sidecarPath(scope: ConfigurationScope): string | undefined {
  return nonEmpty(configuration(scope).get<string>('sidecar.path'));
}

/** Who the window is on the board. */
export function identityOf(scope: ConfigurationScope): Partial<InitializationOptions> {
  const settings = configuration(scope);
  const threadKey = nonEmpty(settings.get<string>('agent.threadKey'));
  const role = settings.get<string>('agent.role');
  const specialties = settings.get<string[]>('agent.specialty')?.filter((one) => one.trim() !== '');
  const leaseSeconds = settings.get<number>('lease.seconds');
  return {
    ...(threadKey ? { threadKey } : {}),
    ...(role ? { role } : {}),
    ...(specialties?.length ? { specialties } : {}),
    ...(leaseSeconds ? { leaseSeconds } : {}),
  };
}

/** What a running sidecar was told when it started: a change of these needs another one. */
export const TOLD_AT_START = ['remit.sidecar.path', 'remit.agent', 'remit.lease'] as const;

export const traceIsOn = (): boolean => configuration().get<string>('trace.server') === 'messages';
