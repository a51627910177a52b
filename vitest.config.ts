import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    env: {
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      // Commands in tests run with the workshop's contract, whatever the project's own lake.config.ts says.
      SLUICE_CONFIG: fileURLToPath(new URL('test/fixtures/workshop.config.ts', import.meta.url)),
    },
    // A worker on each core; the default leaves one free, which is half of a small machine.
    maxWorkers: availableParallelism(),
    // Cases of the local Athena, which runs two at a time: the others wait in its queue, and are looked at together.
    maxConcurrency: 20,
    // Files share their worker's modules: what most of a file's time went into was loading DuckDB, the SQL parser and the AWS
    // SDK again. So no test mocks a module or fakes a timer, and what one stubs is put back before the next.
    isolate: false,
    unstubEnvs: true,
    restoreMocks: true,
    // The SQL parser is 23 MB of WebAssembly, and every file that uses it would compile what is hot in it a second time.
    execArgv: ['--liftoff-only'],
    // Property tests of 10,000 cases take 10 s on a quiet machine, and a minute on a busy one.
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
