import type { CommandDeclaration } from '../../declaration.ts';

export const declaration = {
  name: 'demo',
  description: [
    "Show the whole story in one go: start the local stack, let three devices publish their readings since yesterday over MQTT with mutual TLS, run the saved query daily-temperature, make yesterday's report, then serve the live page while the devices continue to publish.",
  ],
  options: { once: { what: 'exit after the report, without the live page' } },
  shared: ['data', 'config', 'help'],
  examples: ['sluice demo --once'],
} as const satisfies CommandDeclaration;
