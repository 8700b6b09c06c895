// A thousand commits a second on a board, each another title of one module: past the program, which has better manners.
import { spawn } from 'node:child_process';

const STORM = `
import select, sqlite3, sys, time
c = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
c.execute('PRAGMA synchronous = OFF')
print('ready', flush=True)
begun, done, most = time.monotonic(), 0, float(sys.argv[3])
while done < most:
    c.execute('BEGIN IMMEDIATE')
    c.execute('UPDATE meta SET revision = revision + 1')
    c.execute('UPDATE modules SET title = ?, revision = (SELECT revision FROM meta) WHERE id = ?', (f'round {done}', sys.argv[2]))
    c.execute('COMMIT')
    done += 1
    if select.select([sys.stdin], [], [], max(0, begun + done / 1000 - time.monotonic()))[0]:
        break
print(done, flush=True)
`;

/**
 * Resolves when the storm blows: { ended, stop() }. It changes `module` for `most` times unless it is stopped before; `ended` is a
 * promise of how often it did.
 */
export async function startStorm(database, module, most = Infinity) {
  const child = spawn('python3', ['-c', STORM, database, module, String(most)], { stdio: ['pipe', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill('SIGKILL'));
  let said = '';
  const ended = new Promise((resolve) => child.once('close', () => resolve(Number(said.split('\n')[1]))));
  await new Promise((resolve) => child.stdout.on('data', (data) => ((said += data), resolve())));
  return { ended, stop: () => (child.stdin.end(), ended) };
}
