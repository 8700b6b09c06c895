// What the workbench calls inside the extension host: it runs every `*.test.js` beside it and leaves the results in the file
// that REMIT_TEST_RESULTS names, after each test, so that a host that dies has still said how far it came.
import * as fs from 'node:fs';
import * as path from 'node:path';

interface Result {
  title: string;
  ms: number;
  error?: string;
}

export async function run(): Promise<void> {
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({ ui: 'tdd', timeout: 150_000, reporter: 'base' });
  const files = fs.readdirSync(__dirname).filter((name) => name.endsWith('.test.js'));
  files.sort().forEach((name) => mocha.addFile(path.join(__dirname, name)));
  await mocha.loadFilesAsync();
  const failures = await new Promise<number>((resolve) => record(mocha.run(resolve)));
  if (failures > 0) throw new Error(`${failures} failed`);
}

function record(runner: Mocha.Runner): void {
  const tests: Result[] = [];
  const write = (finished: boolean) => fs.writeFileSync(resultsFile(), JSON.stringify({ finished, tests }, null, 2));
  const add = (test: Mocha.Runnable, error?: Error) => {
    tests.push({ title: test.fullTitle(), ms: test.duration ?? 0, error: error && (error.stack ?? String(error)) });
    write(false);
  };
  runner.on('pass', (test) => add(test));
  runner.on('fail', (test, error) => add(test, error as Error));
  runner.on('end', () => write(true));
}

function resultsFile(): string {
  const file = process.env['REMIT_TEST_RESULTS'];
  if (!file) throw new Error('REMIT_TEST_RESULTS is not set');
  return file;
}
