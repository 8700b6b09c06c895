// The small rules of the extension's own: names of files, words for times, patience.
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { literalPattern } from '../../../extension/src/commands/paths';
import { targetOf } from '../../../extension/src/commands/target';
import { Ground } from '../../../extension/src/ground';
import { failureText, sentence } from '../../../extension/src/messages';
import type { Repositories } from '../../../extension/src/repositories';
import type { Repository } from '../../../extension/src/repository';
import { rootsOf } from '../../../extension/src/roots';
import { Backoff } from '../../../extension/src/sidecar/backoff';
import { isAsNew, obstacle, placeBinary, placeOfBinary } from '../../../extension/src/sidecar/binary';
import { BinaryWatch } from '../../../extension/src/sidecar/binaryWatch';
import { FileEvents } from '../../../extension/src/sidecar/fileEvents';
import { Pulse } from '../../../extension/src/sidecar/pulse';
import { Terminals } from '../../../extension/src/terminals';
import { Node } from '../../../extension/src/views/node';
import { Shown } from '../../../extension/src/views/shown';
import { Tooltip } from '../../../extension/src/views/tooltip';
import { durationText, leaseText } from '../../../extension/src/words';
import { eventually, folder } from './support';

const scratch = () => fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'remit-pieces-')));

suite('what VS Code is told to ask for again', () => {
  class Row extends Node {
    constructor(key: string, label: string, private readonly inside: readonly Row[] = []) {
      super({ root: vscode.Uri.file('/w/repo') } as unknown as Repository, key, { label, spoken: label });
    }

    override children(): Node[] {
      return [...this.inside];
    }
  }
  const leaf = (key: string, label = key) => new Row(key, label);
  const group = (key: string, ...inside: Row[]) => new Row(key, key, inside);
  const fresh = () => [group('mine', leaf('cart', '12 min left')), group('ready', leaf('search'), leaf('ui'))];

  /** As VS Code leaves it that has unfolded every row. */
  function unfolded(rows: readonly Node[]): { shown: Shown; row: (key: string) => Node } {
    const shown = new Shown();
    const below = (row: Node): Node[] => [row, ...shown.rowsBelow(row).flatMap(below)];
    const all = shown.give(rows).flatMap(below);
    const row = (key: string) => all.find(({ id }) => id.endsWith(`#${key}`)) ?? assert.fail(`no row ${key}`);
    return { shown, row };
  }

  test('nothing, when nothing looks different', () => {
    assert.deepEqual(unfolded(fresh()).shown.update(fresh()), []);
  });

  test('a row that looks different, itself and alone; it is still the row that VS Code has', () => {
    const { shown, row } = unfolded(fresh());
    const cart = row('cart');
    assert.deepEqual(shown.update([group('mine', leaf('cart', '11 min left')), group('ready', leaf('search'), leaf('ui'))]), [cart]);
    assert.equal(cart.label, '11 min left');
    assert.equal(shown.rowsBelow(row('mine'))[0], cart);
    assert.equal(shown.parentOf(cart), row('mine'));
  });

  test('what a row no longer has is gone', () => {
    const cart = leaf('cart');
    cart.description = 'held by Ada';
    const { shown } = unfolded([cart]);
    assert.deepEqual(shown.update([leaf('cart')]), [cart]);
    assert.equal(cart.description, undefined);
  });

  test('a group, when its rows came, went or moved; who stayed is the same row', () => {
    const changes = [[leaf('search')], [leaf('search'), leaf('ui'), leaf('docs')], [leaf('ui'), leaf('search')]];
    for (const ready of changes) {
      const { shown, row } = unfolded(fresh());
      const search = row('search');
      assert.deepEqual(shown.update([group('mine', leaf('cart', '11 min left')), group('ready', ...ready)]), [row('cart'), row('ready')]);
      assert.ok(shown.rowsBelow(row('ready')).includes(search));
    }
  });

  test('both groups, when a row went from one to the other', () => {
    const { shown, row } = unfolded(fresh());
    const moved = [group('mine', leaf('cart', '12 min left'), leaf('search')), group('ready', leaf('ui'))];
    assert.deepEqual(shown.update(moved), [row('mine'), row('ready')]);
  });

  test('nothing below a row that nobody unfolded: it is drawn when somebody does', () => {
    const shown = new Shown();
    const [ready] = shown.give([group('ready', leaf('ui'))]);
    assert.deepEqual(shown.update([group('ready', leaf('search'))]), []);
    assert.deepEqual(ready && shown.rowsBelow(ready).map(({ label }) => label), ['search']);
  });

  test('everything, when groups came, went or moved, and not twice before it has asked', () => {
    const [mine, ready] = fresh();
    assert.ok(mine && ready);
    for (const rows of [[ready], [mine], [ready, mine], []]) {
      const { shown } = unfolded(fresh());
      assert.equal(shown.update(rows), 'all');
      assert.deepEqual(shown.update(fresh()), []);
      shown.give(fresh());
      assert.equal(shown.update(rows), 'all');
    }
  });

  test('nothing before it has asked for the first time', () => {
    const shown = new Shown();
    assert.deepEqual(shown.update(fresh()), []);
    assert.deepEqual(shown.update([]), []);
  });
});

suite('names of files', () => {
  test('a project path and its uri lead to each other, also through a symbolic link', async () => {
    const dir = scratch();
    fs.mkdirSync(path.join(dir, 'repo', 'src'), { recursive: true });
    fs.symlinkSync(path.join(dir, 'repo'), path.join(dir, 'link'));
    const linked = vscode.Uri.file(path.join(dir, 'link'));
    const ground = await Ground.survey(path.join(dir, 'repo'), [linked]);
    const file = vscode.Uri.joinPath(linked, 'src', 'a [1].ts');
    assert.equal(ground.pathOf(file), 'src/a [1].ts');
    assert.equal(ground.uriOf('src/a [1].ts').toString(), file.toString());
    assert.equal(ground.pathOf(vscode.Uri.file(path.join(dir, 'repo', 'src'))), 'src');
    assert.ok(ground.isWhole(linked));
    assert.equal(ground.pathOf(linked), undefined);
  });

  test('what lies outside has no project path', async () => {
    const ground = await Ground.survey('/w/repo', [vscode.Uri.file('/w/repo/sub')]);
    for (const outside of ['/w/other/a', '/w/repo2/a', '/w', '/']) {
      assert.equal(ground.pathOf(vscode.Uri.file(outside)), undefined, outside);
    }
    assert.equal(ground.pathOf(vscode.Uri.file('/w/repo/..a')), '..a');
    assert.equal(ground.pathOf(vscode.Uri.parse('untitled:/w/repo/a')), undefined);
  });

  test('folders of one repository share a root; a linked worktree is one of its own', async () => {
    const dir = scratch();
    for (const name of ['repo/.git', 'repo/a', 'repo/b', 'loose', 'plain/project-plan']) fs.mkdirSync(path.join(dir, name), { recursive: true });
    fs.mkdirSync(path.join(dir, 'repo/wt'));
    fs.writeFileSync(path.join(dir, 'repo/wt/.git'), 'gitdir: elsewhere\n');
    fs.writeFileSync(path.join(dir, 'plain/project-plan/coordination.db'), '');
    const folders = ['repo/a', 'repo/b', 'repo/wt', 'loose', 'plain'].map((name) => vscode.Uri.file(path.join(dir, name)));
    const roots = await rootsOf(folders);
    const seen = roots.map((root) => [path.relative(dir, root.path), root.folders.length, root.isProject]);
    assert.deepEqual(seen, [['repo', 2, true], ['repo/wt', 1, true], ['loose', 1, false], ['plain', 1, true]]);
  });

  test('a path that is pointed at means itself, whatever is in its name', () => {
    assert.equal(literalPattern('src/lib.rs'), 'src/lib.rs');
    assert.equal(literalPattern('app/[id]/{a}*?\\.tsx'), 'app/\\[id\\]/\\{a\\}\\*\\?\\\\.tsx');
  });

  test('a command is about the row, the selection or the quick fix that it came from', () => {
    const [a, b] = [vscode.Uri.file('/a'), vscode.Uri.file('/b')];
    assert.deepEqual(targetOf([]).uris, []);
    assert.deepEqual(targetOf([a]).uris, [a]);
    assert.deepEqual(targetOf([a, [a, b]]).uris, [a, b]);
    const fix = targetOf([{ module: 'core', path: 'src/x' }]);
    assert.deepEqual([fix.module, fix.path, fix.uris], ['core', 'src/x', []]);
    const foreign = targetOf([{ module: 7, path: '' }]);
    assert.deepEqual([foreign.module, foreign.path], [undefined, undefined]);
  });
});

suite('words', () => {
  const lease = (left: number, expired = false) => ({
    holder: 'a',
    session_id: null,
    expires_at: new Date(1_000_000 + left).toISOString(),
    ttl_seconds: 1800,
    expired,
  });

  test('a lease says what is left of it', () => {
    assert.equal(leaseText(lease(25 * 60_000), 1_000_000), '25 min left');
    assert.equal(leaseText(lease(30_000), 1_000_000), 'less than a minute left');
    assert.equal(leaseText(lease(-1), 1_000_000), 'lease ran out');
    assert.equal(leaseText(lease(60_000, true), 1_000_000), 'lease ran out');
    assert.deepEqual([90, 300, 4000].map((minutes) => durationText(minutes * 60_000)), ['90 min', '5 h', '3 d']);
  });

  test('a refusal becomes whole sentences', () => {
    assert.equal(sentence(' the lease is held '), 'The lease is held.');
    assert.equal(failureText({ message: 'core is held by a', hint: 'wait, or ask for it' }), 'Core is held by a. Wait, or ask for it.');
    assert.equal(failureText({ message: 'Done!', hint: null }), 'Done!');
  });

  test('a tooltip takes what people wrote as text', () => {
    const { value, isTrusted } = new Tooltip().heading('[x](command:evil)').paragraph('# a <b>').build();
    assert.ok(!isTrusted);
    assert.ok(value.includes('\\[x\\]') && value.includes('\\#') && !value.includes(' <b>'), value);
  });

  test('a tooltip breaks its lines between words, and takes no space for a list or for code', () => {
    const { value } = new Tooltip().paragraph('every word stands').paragraph('1. first').paragraph('    indented').build();
    assert.equal(value, 'every word stands\n\n1\\. first\n\n&nbsp;&nbsp;&nbsp;&nbsp;indented\n\n');
  });
});

suite('patience', () => {
  test('a sidecar that keeps dying is started ever more slowly, until it lived well once', () => {
    const backoff = new Backoff(250, 30_000, 60_000);
    assert.deepEqual([1, 2, 3, 4].map(() => backoff.next(100)), [250, 500, 1000, 2000]);
    assert.deepEqual([5, 6, 7, 8, 9].map(() => backoff.next(100)), [4000, 8000, 16_000, undefined, undefined], 'in the end not at all');
    assert.equal(backoff.next(60_000), 250);
    assert.equal(backoff.next(100), 500);
  });

  test('what only others can clear out of the way is looked at for ever, and is no failure of the sidecar’s', () => {
    const backoff = new Backoff(250, 1000, 60_000);
    assert.deepEqual(Array.from({ length: 20 }, () => backoff.nextLook()).slice(-2), [1000, 1000]);
  });

  test('a sidecar hangs when it leaves a ping unanswered, however long it has worked', async () => {
    let hangs = false;
    let pings = 0;
    let silent = 0;
    const ping = (): Promise<void> => ((pings += 1), hangs ? new Promise(() => undefined) : Promise.resolve());
    const pulse = new Pulse(ping, () => (silent += 1), 5);
    await eventually('it is pinged on and on', () => pings > 10);
    assert.equal(silent, 0);
    hangs = true;
    await eventually('nothing comes any more', () => silent > 0);
    const asked = pings;
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual([silent, pings], [1, asked], 'said once, and asked no more');
    pulse.dispose();
  });

  test('a sidecar that refuses to be pinged answers', async () => {
    let pings = 0;
    const pulse = new Pulse(() => Promise.reject(new Error(String((pings += 1)))), () => assert.fail('it answers'), 5);
    await eventually('it is pinged on and on', () => pings > 10);
    pulse.dispose();
  });

  test('file events leave in one batch though more keep coming, without those of git and the board', async () => {
    const batches: string[][] = [];
    const events = new FileEvents((changes) => {
      batches.push(changes.map(({ uri }) => uri));
      return Promise.resolve();
    });
    const begun = Date.now();
    while (batches.length === 0 && Date.now() - begun < 5000) {
      for (const uri of ['file:///r/a', 'file:///r/.git/HEAD', 'file:///r/project-plan', 'file:///r/x/node_modules/y', 'file:///r/.github/z']) {
        events.add({ uri, type: 2 });
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    events.dispose();
    assert.deepEqual(batches[0], ['file:///r/a', 'file:///r/.github/z']);
  });
});

suite('the sidecar’s program', () => {
  test('what stands in its way is said', async () => {
    const dir = scratch();
    const binary = path.join(dir, 'remit');
    assert.match(String(await obstacle(binary, dir)), /remit is not there/);
    fs.writeFileSync(binary, '', { mode: 0o644 });
    assert.match(String(await obstacle(binary, dir)), /not executable/);
    fs.chmodSync(binary, 0o755);
    assert.equal(await obstacle(binary, dir), undefined);
    assert.match(String(await obstacle(binary, path.join(dir, 'gone'))), /folder .*gone is not there/);
  });

  test('it is noticed when it comes, may be executed, is replaced', async () => {
    const binary = path.join(scratch(), 'remit');
    let changes = 0;
    const watch = new BinaryWatch(() => (changes += 1), 20);
    watch.watch(binary);
    const noticed = async (what: string, change: () => void) => {
      const before = changes;
      change();
      await eventually(what, () => changes > before);
    };
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(changes, 0, 'that it is not there is no news');
    await noticed('it came', () => fs.writeFileSync(binary, 'one', { mode: 0o644 }));
    await noticed('it may be executed', () => fs.chmodSync(binary, 0o755));
    await noticed('it is another', () => {
      fs.writeFileSync(`${binary}.new`, 'two');
      fs.renameSync(`${binary}.new`, binary);
    });
    watch.dispose();
  });
});

suite('the placed binary', () => {
  const fake = (file: string, version: string) => {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, `#!/bin/sh\necho "remit ${version} (abc)"\n`, { mode: 0o755 });
    return file;
  };

  test('is replaced by a newer one only, and never half', async () => {
    const dir = scratch();
    const ours = fake(path.join(dir, 'ours', 'remit'), '1.2.0');
    const place = path.join(dir, 'bin');
    const placed = path.join(place, 'remit');
    assert.equal(await placeBinary(ours, place), true);
    assert.equal(fs.readFileSync(placed, 'utf8'), fs.readFileSync(ours, 'utf8'));
    assert.ok(fs.statSync(placed).mode & 0o100);
    assert.equal(await placeBinary(ours, place), false);
    fake(placed, '1.10.0');
    assert.equal(await placeBinary(ours, place), false);
    fake(placed, '1.1.9');
    assert.equal(await placeBinary(ours, place), true);
    assert.deepEqual(fs.readdirSync(place), ['remit']);
  });

  test('versions are compared by number', () => {
    assert.ok(isAsNew('1.10.0', '1.9.9') && isAsNew('1.2.3', '1.2.3') && isAsNew('2.0.0', '1.9.9'));
    assert.ok(!isAsNew('1.9.9', '1.10.0') && !isAsNew('1.2.2', '1.2.3'));
  });

  test('nothing is placed where there is no binary of ours', async () => {
    assert.equal(await placeBinary(path.join(scratch(), 'none'), path.join(scratch(), 'bin')), false);
  });

  test('its place is the same for every version of the extension', function () {
    if (process.platform !== 'linux') this.skip();
    assert.equal(placeOfBinary({}, '/home/me'), '/home/me/.local/share/remit/bin');
    assert.equal(placeOfBinary({ XDG_DATA_HOME: '/data' }, '/home/me'), '/data/remit/bin');
    assert.equal(placeOfBinary({ XDG_DATA_HOME: 'relative' }, '/home/me'), '/home/me/.local/share/remit/bin');
  });
});

suite('terminals', () => {
  test('a folder’s terminals are told their agent once, and where `remit` is', () => {
    const told: [string, string, string][] = [];
    const scoped = { replace: (name: string, value: string) => told.push(['folder', name, value]) };
    const collection = { prepend: (name: string, value: string) => told.push(['window', name, value]), getScoped: () => scoped };
    const changes = new vscode.EventEmitter<unknown>();
    const context = { environmentVariableCollection: collection } as unknown as vscode.ExtensionContext;
    const repository = { root: { folders: [folder()] }, board: { me: { agent_id: 'agent-1' } } };
    const terminals = new Terminals(context, { onDidChange: changes.event } as unknown as Repositories);
    for (let twice = 0; twice < 2; twice += 1) changes.fire({ repository, volatile: false });
    repository.board.me.agent_id = 'agent-2';
    changes.fire({ repository, volatile: false });
    terminals.dispose();
    assert.deepEqual(told, [
      ['window', 'PATH', placeOfBinary() + path.delimiter],
      ['folder', 'REMIT_AGENT_ID', 'agent-1'],
      ['folder', 'REMIT_AGENT_ID', 'agent-2'],
    ]);
    assert.equal((collection as { persistent?: boolean }).persistent, false);
  });
});
