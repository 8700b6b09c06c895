// npm test [-- STAGE…]: does all its own set-up and runs everything; see lib/stages.mjs for the stages.
import { runAndReport } from './lib/report.mjs';
import { script } from './lib/steps.mjs';

await script(runAndReport);
