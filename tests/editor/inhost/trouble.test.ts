// A sidecar that hangs, crashes, is missing, may not be executed or is another version: the window says so in one place and
// goes on by itself when the cause is gone.
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { ReloadRequest } from '../../../extension/src/reload';
import type { Repositories } from '../../../extension/src/repositories';
import type { Repository } from '../../../extension/src/repository';
import { faceOf } from '../../../extension/src/statusBar';
import { troubleOf, warningOf } from '../../../extension/src/trouble';
import { eventually, remit } from './support';

suite('a sidecar in trouble', () => {
  let repository: Repository;
  let repositories: Repositories;
  const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'remit-trouble-')));
  const program = path.join(dir, 'remit');
  const real = String(process.env['REMIT_BIN']);

  /** A program at `remit.sidecar.path`: a script of shell, in which `$REMIT` is the real one. */
  const write = (script: string, mode = 0o755): void => {
    fs.writeFileSync(`${program}.new`, `#!/bin/sh\nREMIT='${real}'\n${script}\n`, { mode });
    fs.renameSync(`${program}.new`, program);
  };
  const use = (file: string | undefined) =>
    vscode.workspace.getConfiguration('remit').update('sidecar.path', file, vscode.ConfigurationTarget.Global);
  const runs = (): boolean => repository.state.kind === 'running';
  const reason = (): string => troubleOf(repository)?.reason ?? '';

  /** The window's id on the board, under which requests are remembered. */
  const aSeat = async (): Promise<string> => {
    await repository.sidecar.command('bootstrap', {});
    return eventually('it has a seat', () => runs() && (repository.board?.me?.window_id ?? undefined));
  };

  suiteSetup(async () => {
    ({ repositories } = await remit());
    const [only] = repositories.all;
    assert.ok(only);
    repository = only;
    await repository.wake();
    await eventually('it runs', runs);
  });

  suiteTeardown(async () => {
    await use(undefined);
    await eventually('it runs', runs);
    fs.rmSync(dir, { recursive: true });
  });

  test('one that hangs is ended, and another one takes over', async () => {
    const { pid } = repository.sidecar;
    assert.ok(pid);
    process.kill(pid, 'SIGSTOP');
    const asked = repository.sidecar.query('sessions', {}).then(() => 'answered', (error: unknown) => String(error));
    await eventually('another one runs', () => runs() && repository.sidecar.pid !== pid);
    assert.match(await asked, /ended before it had answered/);
    await eventually('the old one is gone', () => !isThere(pid));
    assert.equal(troubleOf(repository), undefined);
  });

  test('what it was asked for when it died is asked again of the next one', async () => {
    await aSeat();
    const { pid } = repository.sidecar;
    assert.ok(pid);
    process.kill(pid, 'SIGSTOP');
    const asked = repository.sidecar.command('add-module', { id: 'unheard' });
    process.kill(pid, 'SIGKILL');
    assert.equal((await asked).ok, true);
    assert.notEqual(repository.sidecar.pid, pid);
  });

  test('what it is asked for when it is dead and nobody has noticed is asked of the next one', async () => {
    await aSeat();
    await repository.restart();
    const { pid } = repository.sidecar;
    assert.ok(pid);
    // It dies when the questions are about to be written, and the extension host does nothing else until they have been.
    setImmediate(() => {
      process.kill(pid, 'SIGKILL');
      while (isThere(pid));
    });
    const ids = ['late-1', 'late-2', 'late-3', 'late-4'];
    const answers = await Promise.all(ids.map((id) => repository.sidecar.command('add-module', { id })));
    assert.ok(answers.every(({ ok }) => ok), JSON.stringify(answers));
    assert.notEqual(repository.sidecar.pid, pid);
    await eventually('all was done', () => ids.every((wanted) => repository.board?.modules.some(({ id }) => id === wanted)));
  });

  test('what it had done before it died, unanswered, is done once', async () => {
    const seat = await aSeat();
    const mute = path.join(dir, 'mute.cjs');
    fs.writeFileSync(mute, MUTE);
    // The first life only: the next one finds no such program.
    write(`[ "$1" = lsp ] && [ -e '${mute}' ] && exec '${process.execPath}' '${mute}' "$REMIT" "$@"\nexec "$REMIT" "$@"`);
    await use(program);
    await repository.restart();
    await eventually('it runs', runs);
    try {
      const answer = await repository.sidecar.command('add-module', { id: 'unanswered' });
      assert.equal(fs.existsSync(mute), false, 'the first one died of it');
      // Done a second time it would be refused: there is one already.
      assert.equal(answer.ok, true, JSON.stringify(answer));
      assert.equal(await aSeat(), seat);
    } finally {
      await use(undefined);
      fs.rmSync(program);
      await repository.restart();
      await eventually('it runs', runs);
    }
  });

  test('restarts at the same time leave one sidecar, in the seat that the window had', async () => {
    const seat = await aSeat();
    for (let round = 0; round < 3; round += 1) {
      const restarts = [repository.restart(), repository.restart()];
      await eventually('it is being started', () => repository.state.kind === 'starting');
      await Promise.all([...restarts, repository.restart()]);
      assert.equal(repository.state.kind, 'running');
      assert.equal(await aSeat(), seat);
    }
  });

  test('one that is missing or not executable is said to be, and starts when it is there', async () => {
    await use(program);
    await eventually('it is missing', () => reason().includes('is not there'));
    const face = faceOf(repository);
    assert.deepEqual([face?.command, face?.warns], ['remit.showTrouble', true]);
    assert.match(String(face?.tooltip), /is not there/);
    write('exec "$REMIT" "$@"', 0o644);
    await eventually('it may not be executed', () => reason().includes('is not executable'));
    fs.chmodSync(program, 0o755);
    await eventually('it runs', runs);
    assert.equal(faceOf(repository)?.warns, false);
  });

  test('one that crashes again and again is given up, until it is another one', async () => {
    // Each life would end better only after a long time, which no test should wait for.
    const { backoff } = repository.sidecar as unknown as { backoff: { next: (lived: number) => number | undefined } };
    const { next } = backoff;
    backoff.next = (lived) => (next.call(backoff, lived) === undefined ? undefined : 1);
    try {
      write('exit 7');
      await repository.restart();
      await eventually('it is given up', () => repository.state.kind === 'down' && repository.state.gaveUp);
      assert.match(reason(), /not started again by itself/);
      write('exec "$REMIT" "$@"');
      await eventually('it runs', runs);
    } finally {
      backoff.next = next;
    }
  });

  test('a crash loop that was given up is begun again by the command', async () => {
    const { backoff } = repository.sidecar as unknown as { backoff: { next: (lived: number) => number | undefined } };
    const { next } = backoff;
    backoff.next = () => undefined;
    process.kill(repository.sidecar.pid ?? 0, 'SIGSTOP');
    const asked = repository.sidecar.command('add-module', { id: 'never' }).then(() => 'answered', (error: unknown) => String(error));
    process.kill(repository.sidecar.pid ?? 0, 'SIGKILL');
    await eventually('it is given up', () => repository.state.kind === 'down' && repository.state.gaveUp);
    assert.match(await asked, /ended before it had answered/);
    backoff.next = next;
    await vscode.commands.executeCommand('remit.restartSidecar');
    await eventually('it runs', runs);
  });

  test('another version is warned of; one that is installed meanwhile is asked about once', async () => {
    const asked: string[] = [];
    const request = new ReloadRequest(repositories, (text) => {
      asked.push(text);
      return Promise.resolve(undefined);
    });
    write('[ "$1" = --version ] && { echo "remit 99.0.0"; exit; }\nexec "$REMIT" "$@"');
    await eventually('it is outdated', () => warningOf(repository)?.reload);
    assert.match(String(faceOf(repository)?.tooltip), /Another version/);
    write('[ "$1" = --version ] && { echo "remit 99.0.1"; exit; }\nexec "$REMIT" "$@"');
    await eventually('the newest is known', () => repository.sidecar.isOfAnotherVersion);
    assert.equal(asked.length, 1, asked.join('\n'));
    assert.match(String(asked[0]), /Reload this window/);
    request.dispose();
    await use(undefined);
    await eventually('it is the window’s own version again', () => runs() && warningOf(repository) === undefined);
  });

  test('a board that became too new is asked about once too', () => {
    const asked: string[] = [];
    const listeners: (() => void)[] = [];
    const sidecar = { isOutdated: false, isOfAnotherVersion: false };
    const status = { level: 'error', code: 'schema-newer', message: 'the board needs a newer remit' };
    const one = { state: { kind: 'running' }, status, sidecar };
    const fake = { all: [one], onDidChange: (listener: () => void) => (listeners.push(listener), { dispose: () => undefined }) };
    const request = new ReloadRequest(fake as unknown as Repositories, (text) => {
      asked.push(text);
      return Promise.resolve(undefined);
    });
    for (let n = 0; n < 3; n += 1) listeners.forEach((listener) => listener());
    assert.deepEqual(asked.length, 1);
    assert.match(String(asked[0]), /needs a newer remit/);
    request.dispose();
  });
});

/** Stands before a sidecar and dies with it when that has added a module, of which nobody hears. It is gone then, too. */
const MUTE = `
const [real, ...args] = process.argv.slice(2);
const child = require('node:child_process').spawn(real, args, { stdio: ['pipe', 'pipe', 'inherit'] });
let asked = false;
let unsaid = '';
process.stdin.on('data', (data) => {
  asked ||= data.includes('add-module');
  child.stdin.write(data);
});
process.stdin.on('end', () => child.stdin.end());
child.stdout.on('data', (data) => {
  if (!asked) return void process.stdout.write(data);
  unsaid += data;
  if (!unsaid.includes('unanswered')) return;
  require('node:fs').rmSync(__filename, { force: true });
  child.kill('SIGKILL');
});
child.on('exit', () => process.exit(asked ? 1 : 0));
`;

function isThere(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
