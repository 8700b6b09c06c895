import { window } from 'vscode';

const SHOWN_MS = 6000;

/** Says something in passing, in the status bar: good news is no reason for a pop-up. */
export function inform(text: string): void {
  window.setStatusBarMessage(text, SHOWN_MS);
}
