/**
 * What a deployment on AWS publishes once, in the Systems Manager Parameter Store, so that no name is copied by hand.
 */
import type { LakeNames } from '../../contract/lake.ts';
import { UserError } from '../../contract/user-error.ts';

/** The JSON of the parameter: the last stack writes it, and `sluice … --aws` reads it. */
export interface PublishedDeployment {
  version: 1;
  stage: string;
  names: LakeNames;
  /** The REST API of the hot path, `https://…`, with a trailing slash. */
  apiUrl: string;
  /** Id of the API key that the command uses; API Gateway returns its value. */
  apiKeyId: string;
  /**
   * Host name of the account's device gateway (`iot:Data-ATS`), optionally with `:443`; if missing, AWS IoT is asked.
   */
  iotEndpoint?: string;
  /** Name of the IoT policy that every device's certificate gets. */
  devicePolicy: string;
  backfillStateMachineArn: string;
  /** `contractKey` of the deployed contract. */
  contractKey?: string;
}

/** The default stage, for deployments and commands. */
export const DEFAULT_STAGE = 'main';

/** Name of the parameter of a stage. */
export function deploymentParameter(stage: string): string {
  return `/sluice/${stage}/deployment`;
}

/** Whether a text is a valid stage name: lower case, so that it can be part of bucket and database names. */
export function isStage(text: string): boolean {
  return /^[a-z][a-z0-9]{0,15}$/.test(text);
}

const NAMES = [
  'bucket',
  'database',
  'workGroup',
  'resultsLocation',
  'hotTable',
  'stream',
  'deliveryStream',
] as const satisfies readonly (keyof LakeNames)[];

const TEXTS = ['stage', 'apiUrl', 'apiKeyId', 'devicePolicy', 'backfillStateMachineArn'] as const;
const OPTIONAL_TEXTS = ['iotEndpoint', 'contractKey'] as const;

/**
 * Parses the parameter of a stage. Throws a `UserError` that lists every problem. Unknown members are ignored: a newer
 * deployment of the same version may have more.
 */
export function parseDeployment(text: string, stage: string): PublishedDeployment {
  const value = parseObject(text, stage);
  if (value.version !== 1)
    throw new UserError(
      `The deployment of stage ${stage} has version ${JSON.stringify(value.version)}; this release reads version 1.`,
      {
        todo: 'Use the release of Sluice that deployed it, or deploy the stage again with this release.',
      },
    );
  const names = isObject(value.names) ? value.names : {};
  const problems = [
    ...wrongTexts(value, TEXTS, ''),
    ...wrongTexts(names, NAMES, 'names.'),
    ...wrongTexts(
      value,
      OPTIONAL_TEXTS.filter(name => value[name] !== undefined),
      '',
    ),
    ...wrongForms(value, names, stage),
  ];
  if (problems.length > 0) throw unusable(stage, problems.join('; '));
  // Every member was checked above.
  const found = value as unknown as PublishedDeployment;
  return {
    version: 1,
    stage,
    names: Object.fromEntries(NAMES.map(name => [name, found.names[name]])) as unknown as LakeNames,
    apiUrl: found.apiUrl,
    apiKeyId: found.apiKeyId,
    devicePolicy: found.devicePolicy,
    backfillStateMachineArn: found.backfillStateMachineArn,
    ...(found.iotEndpoint === undefined ? {} : { iotEndpoint: found.iotEndpoint }),
    ...(found.contractKey === undefined ? {} : { contractKey: found.contractKey }),
  };
}

type Members = Record<string, unknown>;

function parseObject(text: string, stage: string): Members {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unusable(stage, 'it is not valid JSON', cause);
  }
  if (!isObject(value)) throw unusable(stage, 'it is not a JSON object');
  return value;
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongTexts(value: Members, names: readonly string[], parent: string): string[] {
  return names
    .filter(name => typeof value[name] !== 'string' || value[name] === '')
    .map(name => `${parent}${name} is ${value[name] === undefined ? 'missing' : 'not a string'}`);
}

/** Texts of the wrong format, which would otherwise fail late and unclearly. */
function wrongForms(value: Members, names: Members, stage: string): string[] {
  const wanted: [string, unknown, RegExp][] = [
    ['apiUrl', value.apiUrl, /^(https:\/\/|http:\/\/127\.0\.0\.1[:/])\S*\/$/],
    ['iotEndpoint', value.iotEndpoint, /^[A-Za-z0-9.-]+(:\d{1,5})?$/],
    ['backfillStateMachineArn', value.backfillStateMachineArn, /^arn:[\w-]+:states:/],
    ['names.resultsLocation', names.resultsLocation, /^s3:\/\/[^/]+\/(\S*\/)?$/],
  ];
  const wrong = wanted
    .filter(([, text, form]) => typeof text === 'string' && text !== '' && !form.test(text))
    .map(([name, text]) => `${name} is '${text}'`);
  return typeof value.stage === 'string' && value.stage !== stage
    ? [...wrong, `it belongs to stage '${value.stage}'`]
    : wrong;
}

function unusable(stage: string, problem: string, cause?: unknown): UserError {
  return new UserError(`Invalid parameter ${deploymentParameter(stage)}: ${problem}.`, {
    todo: 'Deploy the stage again. Only the deployment should write this parameter.',
    ...(cause === undefined ? {} : { cause }),
  });
}
