// A desktop with VS Code: its `code` command installs the extension and opens windows.
import { run, which } from './process.mjs';
import { step } from './steps.mjs';

export const codeCommand = () => which('code');

/** Opens each of `windows` ({ folder, file? }) as a window of its own. */
export async function openInCode(code, vsix, windows) {
  await step('Install the extension into VS Code', () => run(code, ['--install-extension', vsix, '--force']));
  for (const { folder, file } of windows) {
    await step(`Open ${folder}`, () => run(code, ['--new-window', folder, ...(file ? ['--goto', file] : [])]));
  }
}
