/** The services of AWS that a laptop has no stand-in for, with prepared answers over their wire protocols. */
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished, vi } from 'vitest';
import type { PublishedDeployment } from '../../infra/aws/published-deployment.ts';
import { listen } from '../../infra/emulator/services/endpoint.ts';
import { LOCAL_NAMES } from '../../infra/local/local-names.ts';
import { temporaryFolder } from '../temporary-folder.ts';

export interface Call {
  /** `POST /things/device-001`, or the operation of a JSON service: `AmazonSSM.GetParameter`. */
  name: string;
  headers: IncomingMessage['headers'];
  query: Record<string, string>;
  body: string;
}

export interface Answer {
  status?: number;
  /** The error's type, as REST services send it in a header and JSON ones in the body. */
  error?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

/** Answers by the call's name; a call without one is answered with UnknownOperationException. */
export type Script = Record<string, Answer | ((call: Call) => Answer | Promise<Answer>)>;

/** Serves the script until the test has finished; gives the URL, and the calls as they came. */
export async function scriptedAws(script: Script): Promise<{ url: string; calls: Call[] }> {
  const calls: Call[] = [];
  const endpoint = await listen(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const target = request.headers['x-amz-target'];
    const call: Call = {
      name: typeof target === 'string' ? target : `${request.method} ${decodeURIComponent(url.pathname)}`,
      headers: request.headers,
      query: Object.fromEntries(url.searchParams),
      body: await text(request),
    };
    calls.push(call);
    const prepared = Object.hasOwn(script, call.name) ? script[call.name] : undefined;
    const missing: Answer = {
      error: 'UnknownOperationException',
      body: { message: `${call.name} is not in the script` },
    };
    const {
      error,
      status = error === undefined ? 200 : 400,
      body = {},
      headers = {},
    } = typeof prepared === 'function' ? await prepared(call) : (prepared ?? missing);
    response.writeHead(status, {
      'content-type': 'application/json',
      ...headers,
      ...(error === undefined ? {} : { 'x-amzn-errortype': error }),
    });
    response.end(JSON.stringify(error === undefined ? body : { __type: error, message: error, ...(body as object) }));
  }, 0);
  onTestFinished(() => endpoint.close());
  return { url: endpoint.url, calls };
}

/** What a stage publishes; the lake's names are those of the local endpoint. */
export function published(more: Partial<PublishedDeployment> = {}): PublishedDeployment {
  return {
    version: 1,
    stage: 'main',
    names: LOCAL_NAMES,
    apiUrl: 'https://a1b2c3.execute-api.eu-central-1.amazonaws.com/main/',
    apiKeyId: 'k1',
    devicePolicy: 'sluice-main-device',
    backfillStateMachineArn: 'arn:aws:states:eu-central-1:123456789012:stateMachine:sluice-main-backfill',
    ...more,
  };
}

/** SSM's answer with a deployment. */
export function parameterOf(deployment: PublishedDeployment): Script {
  return {
    'AmazonSSM.GetParameter': ({ body }) =>
      (JSON.parse(body) as { Name: string }).Name === `/sluice/${deployment.stage}/deployment`
        ? { body: { Parameter: { Value: JSON.stringify(deployment) } } }
        : { error: 'ParameterNotFound' },
  };
}

/** Sets the SDK's own variables until the test has finished, and keeps the machine's settings and the network away. */
export async function sdkEnvironment(variables: Record<string, string>): Promise<void> {
  const nothing = `${await temporaryFolder()}/none`;
  const all = {
    AWS_REGION: 'eu-central-1',
    AWS_DEFAULT_REGION: '',
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: '',
    AWS_PROFILE: '',
    AWS_CONFIG_FILE: nothing,
    AWS_SHARED_CREDENTIALS_FILE: nothing,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    // What a test does not serve is refused, rather than asked of AWS.
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    SLUICE_STAGE: '',
    SLUICE_DATA: '',
    ...variables,
  };
  for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value === '' ? undefined : value);
  onTestFinished(() => void vi.unstubAllEnvs());
}
