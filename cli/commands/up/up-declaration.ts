import type { CommandDeclaration } from '../../declaration.ts';

/** The default port of the endpoint; the API and MQTT take the next two. */
export const DEFAULT_PORT = 4700;

export const declaration = {
  name: 'up',
  description: [
    'Run the whole of Sluice on this machine until Ctrl-C: the MQTT broker, the streams, the hot table with its API, and one endpoint that speaks S3, Kinesis, Firehose, Glue, Athena and DynamoDB. It listens on 127.0.0.1 only.',
  ],
  options: {
    port: {
      value: 'N',
      default: String(DEFAULT_PORT),
      what: 'endpoint on port N, API on N+1, MQTT on N+2; 0 takes free ports',
    },
    'buffer-seconds': {
      value: 'N',
      default: '15',
      what: 'maximum time a record waits before delivery to the lake, 1 to 900',
    },
    'buffer-mb': { value: 'N', default: '8', what: 'deliver earlier once N MB are waiting, 1 to 128' },
  },
  shared: ['data', 'config', 'help'],
  examples: ['sluice up --port 0 --data ./lake'],
} as const satisfies CommandDeclaration;
