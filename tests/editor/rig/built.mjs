// What `npm test` has built for the tests that run in an editor; a single test started by hand finds it in the same place.
import fs from 'node:fs';
import { executable, inRoot } from '../../../scripts/lib/paths.mjs';
import { Failure } from '../../../scripts/lib/process.mjs';

export const testBinary = () => existing(process.env.REMIT_BIN ?? inRoot('target', 'debug', executable), 'REMIT_BIN');
export const testVsix = () => existing(process.env.REMIT_VSIX ?? inRoot('dist', 'test', 'remit.vsix'), 'REMIT_VSIX');

function existing(file, variable) {
  if (fs.existsSync(file)) return file;
  throw new Failure(`${file} does not exist: run \`npm test -- e2e\` once, which builds it, or set ${variable}`);
}
