// What the tests in the extension host share.
import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as vscode from 'vscode';
import type { RemitApi } from '../../../extension/src/main';

interface Manifest {
  commands: { command: string; title: string; category: string; enablement?: string }[];
  menus: Record<string, { command: string; when?: string; group?: string }[]>;
  views: Record<string, { id: string; name: string }[]>;
  viewsWelcome: { view: string; contents: string; when: string }[];
  walkthroughs: { steps: { title: string; description: string; media: { markdown: string }; completionEvents: string[] }[] }[];
  configuration: { properties: Record<string, { markdownDescription: string; scope: string; order: number; default: unknown }> };
}

export function extension(): vscode.Extension<RemitApi> {
  const found = vscode.extensions.getExtension<RemitApi>('remit.remit');
  assert.ok(found, 'the packed extension is installed');
  return found;
}

export const contributes = (): Manifest => (extension().packageJSON as { contributes: Manifest }).contributes;

/** The running extension, its sidecars started. */
export async function remit(): Promise<RemitApi> {
  const api = await extension().activate();
  await api.ready;
  return api;
}

export function folder(): vscode.Uri {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(first, 'a folder is open');
  return first.uri;
}

/** Resolves when `check` answers something true; its last answer, or error, stands in the failure. */
export async function eventually<T>(what: string, check: () => T | undefined | false | Promise<T | undefined | false>, ms = 60_000): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const answer = await check();
    if (answer) return answer;
    if (Date.now() > deadline) assert.fail(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

interface Envelope {
  ok: boolean;
  result: Record<string, unknown>;
  error?: { code: string; message: string };
}

/** What another agent does in a terminal of this repository. */
export const terminal = (agent: string | undefined, ...args: string[]): Envelope => terminalIn(folder(), agent, ...args);

/** The same, elsewhere. */
export function terminalIn(place: vscode.Uri, agent: string | undefined, ...args: string[]): Envelope {
  const binary = process.env['REMIT_BIN'];
  assert.ok(binary, 'REMIT_BIN names the binary');
  const env = { ...process.env, ...(agent ? { REMIT_AGENT_ID: agent } : {}) };
  try {
    const text = execFileSync(binary, ['--json', ...args], { cwd: place.fsPath, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return JSON.parse(text) as Envelope;
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    if (!stdout) throw error;
    return JSON.parse(stdout) as Envelope;
  }
}

/** Answers each question that a command asks with what it proposes, until the command has ended. */
export async function agreeing(command: PromiseLike<unknown>): Promise<void> {
  let ended = false;
  const end = (): boolean => (ended = true);
  command.then(end, end);
  await eventually('the command ends', async () => {
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    return ended;
  });
}
