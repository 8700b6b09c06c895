// npm run soak: the tests that scale, at full scale. `npm test` runs the same ones small; they ask REMIT_SOAK which it is.
import { runAndReport } from './lib/report.mjs';
import { script } from './lib/steps.mjs';

Object.assign(process.env, { REMIT_SOAK: '1', NEXTEST_PROFILE: 'soak' });
await script(() => runAndReport(['rust', 'process', 'e2e']));
