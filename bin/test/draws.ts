/** Before each file of tests: properties draw the same examples each time, and others where randomised tests run in full. */
import fc from "fast-check";

if (!process.env.HOLDOUT_TEST_SLOW) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_261_129 });
