import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // The SQL parser is 23 MB of WebAssembly, and every file that uses it would compile what is hot in it a second time.
    execArgv: ['--liftoff-only'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
