import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defineContract } from '../../../contract/contract.ts';
import { handlerEnvironment } from '../../../infra/settings.ts';
import { createBackfillWorker } from '../../../lake/backfill-worker.ts';
import { getObject } from '../../../lake/objects.ts';
import { planBackfill } from '../../../lake/plan-backfill.ts';
import { publishRun, type RunSummary } from '../../../lake/publish-run.ts';
import config from '../../fixtures/workshop.config.ts';
import { NOW, type RunningLake, runLake } from '../../lake/running-lake.ts';
import { bundled } from './handlers/bundled.ts';
import { callHandler } from './handlers/lambda.ts';
import { type Definition, type Execution, execute, type Functions } from './state-machine.ts';
import {
  defaultDeployment,
  filledIn,
  onlyResource,
  resourcesOf,
  SYNTHESIS_TIMEOUT_MS,
  synthesize,
  trialDeployment,
} from './synth.ts';

const contract = defineContract(config);
const OBJECTS = 12;
let definition: Definition;
let lake: RunningLake;
/** What `sluice backfill` on a laptop writes for the sources, into a separate lake. */
let onLaptop: Awaited<ReturnType<typeof lookAt>>;
beforeAll(async () => {
  const { templates } = await defaultDeployment();
  const { Properties } = onlyResource(templates.backfill, 'AWS::StepFunctions::StateMachine');
  definition = JSON.parse(String(filledIn(Properties.DefinitionString, templates))) as Definition;
  lake = await runLake(contract);
  for (const Bucket of ['old-bucket', 'laptop']) await lake.s3.send(new CreateBucketCommand({ Bucket }));
  await putSources();
  const laptop = lake.inBucket('laptop');
  await laptop.backfill({ sources: ['s3://old-bucket/'] });
  onLaptop = await lookAt(laptop);
}, SYNTHESIS_TIMEOUT_MS);
afterAll(() => lake.stop());

/** Twelve objects, named as Firehose names them; one is damaged, and some have a rejected record. */
async function putSources(): Promise<void> {
  for (let hour = 0; hour < OBJECTS; hour++) {
    const time = String(hour).padStart(2, '0');
    const lines = Array.from(
      { length: 5 },
      (_, index) =>
        `{"DEVICE_NAME":"d${index}","TIMESTAMP":"2026-11-20T${time}:00:00","TEMPERATURE":${hour},"HUMIDITY":1}`,
    );
    const object = gzipSync([...lines, hour % 3 === 0 ? '{}' : ''].join(''));
    const Key = `old-1-2026-11-21-${time}-00-00-x.gz`;
    const Body = hour === 4 ? object.subarray(0, -2) : object;
    await lake.s3.send(new PutObjectCommand({ Bucket: 'old-bucket', Key, Body }));
  }
}

async function lookAt(from: RunningLake) {
  const asText = (_: string, cell: unknown) => (typeof cell === 'bigint' ? `${cell}n` : cell);
  return {
    rows: (await from.rows()).map(row => JSON.stringify(row, asText)).sort(),
    failures: await from.failures(),
    broken: await from.keys('errors/broken-object/'),
  };
}

/** A lake on AWS for one test, and its state machine: the deployed definition, and the functions for its ARNs. */
let runs = 0;
let bucket: string;
let aws: RunningLake;
beforeEach(async () => {
  bucket = `lake-${++runs}`;
  await lake.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  aws = lake.inBucket(bucket);
});

const BATCH = { maxBytes: 100_000, maxObjects: 1 };

function functions(before: (batch: number) => void = () => {}): Functions {
  const place = { s3: lake.s3, bucket, contract };
  const read = createBackfillWorker(place);
  return {
    'PlannerFunctionAFCCE450.Arn': ({ run, request }) =>
      planBackfill({ ...(request as { sources: string[] }), run: String(run) }, place, {
        now: () => NOW,
        bounds: BATCH,
        remainingMs: () => 900_000,
      }),
    'WorkerFunctionAF8A26AF.Arn': async ({ batch }) => {
      before(Number(/(\d+)\.json$/.exec(String(batch))?.[1]));
      return read(String(batch), { remainingMs: () => 900_000 });
    },
    'PublisherFunction1938950E.Arn': ({ run }) => publishRun(lake.s3, bucket, String(run)),
  };
}

function start(
  calls: Functions,
  input: Record<string, unknown> = { sources: ['s3://old-bucket/'] },
): Promise<Execution> {
  const readObject = (_: string, key: string) => getObject(lake.s3, bucket, key);
  return execute({ definition, functions: calls, readObject, name: 'run-1' }, input);
}

describe('an execution of the deployed state machine', () => {
  it('leaves the same rows, failed records and damaged objects as the laptop', async () => {
    const execution = await start(functions());
    expect(execution).toMatchObject({
      status: 'SUCCEEDED',
      output: { batches: OBJECTS, missing: 0, objectsDamaged: 1 },
    });
    expect(await lookAt(aws)).toEqual(onLaptop);
    expect(onLaptop.rows).toHaveLength(5 * OBJECTS);
  });

  it('reads all other batches if one fails, then fails itself, and a redrive gives the same result', async () => {
    let isBroken = true;
    const attempts: number[] = [];
    const calls = functions(batch => {
      attempts.push(batch);
      if (isBroken && batch === 3) throw new Error('no memory');
    });
    const failed = await start(calls);
    expect(failed).toMatchObject({ status: 'FAILED', failedIn: 'Read those that failed' });
    expect(failed.cause).toContain('no memory');
    expect(attempts.filter(batch => batch === 3)).toHaveLength(10);
    expect(attempts.filter(batch => batch !== 3)).toHaveLength(OBJECTS - 1);
    const report = JSON.parse((await aws.bytes('backfill/runs/run-1.json')).toString());
    expect(report).toMatchObject({ finished: false, objects: { read: OBJECTS - 1 } });

    isBroken = false;
    const redriven = await failed.redrive();
    expect(redriven).toMatchObject({ status: 'SUCCEEDED', output: { missing: 0, objectsRead: OBJECTS } });
    expect(await lookAt(aws)).toEqual(onLaptop);
  });

  it('gives up early if many batches fail, and a redrive continues where it stopped', async () => {
    let isBroken = true;
    const attempts: number[] = [];
    const failed = await start(
      functions(batch => {
        attempts.push(batch);
        if (isBroken && batch > 6) throw new Error('no key');
      }),
    );
    expect(failed).toMatchObject({ status: 'FAILED', failedIn: 'Read' });
    expect(new Set(attempts)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8]));
    isBroken = false;
    attempts.length = 0;
    expect(await failed.redrive()).toMatchObject({ status: 'SUCCEEDED' });
    expect(attempts).toEqual([7, 8, 9, 10, 11, 12]);
    expect(await lookAt(aws)).toEqual(onLaptop);
  });

  it('does not retry what its user must fix', async () => {
    const failed = await start(functions(), { sources: ['s3://no-such-bucket/'] });
    expect(failed).toMatchObject({
      status: 'FAILED',
      failedIn: 'Plan',
      cause: expect.stringContaining('no-such-bucket'),
    });
  });
});

it('gives the same result with the bundled functions', async () => {
  const bundles = bundled(['backfill-plan', 'backfill-work', 'backfill-publish']);
  const { endpoint = '', region, credentials } = lake.lake.aws;
  const call = async <Result>(handler: 'backfill-plan' | 'backfill-work' | 'backfill-publish', events: unknown[]) => {
    const env = {
      ...handlerEnvironment(handler, { bucket }),
      ...{ AWS_REGION: region, AWS_ENDPOINT_URL: endpoint },
      ...{
        AWS_ACCESS_KEY_ID: credentials?.accessKeyId ?? '',
        AWS_SECRET_ACCESS_KEY: credentials?.secretAccessKey ?? '',
      },
    };
    const { answers } = await callHandler(bundles.get(handler)?.folder ?? '', events, env);
    return answers as { result?: Result; error?: { name: string; message: string } }[];
  };
  const request = { sources: ['s3://old-bucket/'] };
  const [planned, refused] = await call<{ items: string }>('backfill-plan', [
    { run: 'run-1', request },
    { run: 'run-2', request: { sources: ['old-bucket'] } },
  ]);
  expect(refused?.error).toEqual({
    name: 'UserError',
    message: expect.stringContaining('old-bucket'),
  });
  const items = (await aws.bytes(planned?.result?.items ?? '')).toString().trimEnd().split('\n');
  await call(
    'backfill-work',
    items.map(item => JSON.parse(item)),
  );
  const [summed] = await call<RunSummary>('backfill-publish', [{ run: 'run-1' }]);
  expect(summed?.result).toMatchObject({ missing: 0, objectsRead: OBJECTS, recordsRead: 5 * OBJECTS + 4 });
  expect(await lookAt(aws)).toEqual(onLaptop);
});

describe('the definition', () => {
  it('runs each batch in an execution that may take as long as its function, with waits of random length', () => {
    const maps = Object.values(definition.States).filter(({ Type }) => Type === 'Map');
    // If a second pass tolerated failures, a third would follow, and so on forever.
    expect(maps.map(({ ToleratedFailurePercentage = 0 }) => ToleratedFailurePercentage)).toEqual([10, 0]);
    for (const { ItemProcessor, MaxConcurrency } of maps) {
      expect(ItemProcessor?.ProcessorConfig).toEqual({ Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' });
      expect(MaxConcurrency).toBe(5);
      for (const { Retry = [] } of Object.values(ItemProcessor?.States ?? {})) {
        const waits = { BackoffRate: 2, JitterStrategy: 'FULL', MaxDelaySeconds: expect.any(Number) };
        expect(Retry).toMatchObject([
          { ErrorEquals: ['UserError'], MaxAttempts: 0 },
          // More than half an hour: other functions may use all of an account's concurrency for that long.
          { ...waits, ErrorEquals: ['Lambda.TooManyRequestsException'], MaxAttempts: 12 },
          { ...waits, ErrorEquals: ['States.ALL'], MaxAttempts: 4 },
        ]);
      }
    }
  });

  it("writes the result of each batch to the lake's bucket, where it expires", async () => {
    const { templates } = await defaultDeployment();
    const maps = Object.values(definition.States).filter(({ Type }) => Type === 'Map');
    for (const { ResultWriter } of maps)
      expect(ResultWriter?.Parameters).toEqual({
        Bucket: expect.stringMatching(/^Lake[0-9A-F]{8}$/),
        Prefix: 'backfill/map-runs',
      });
    expect(JSON.stringify(templates.foundation)).toContain('"Prefix":"backfill/map-runs/"');
  });

  it('logs every step, and waits for the permissions of its role', async () => {
    const { templates } = await defaultDeployment();
    const machine = onlyResource(templates.backfill, 'AWS::StepFunctions::StateMachine');
    expect(machine.Properties.LoggingConfiguration).toMatchObject({ Level: 'ALL' });
    expect(machine.DependsOn).toEqual([
      expect.stringMatching(/^AccessPolicy[0-9A-F]{8}$/),
      expect.stringMatching(/^AccessRole[0-9A-F]{8}$/),
    ]);
  });

  it('has memory for an object that unpacks to 512 MiB', async () => {
    const { templates } = await defaultDeployment();
    for (const { Properties } of Object.values(resourcesOf(templates.backfill, 'AWS::Lambda::Function')))
      expect(Properties.MemorySize).toBeGreaterThan(2 * 1_331);
  });

  it('logs to a group under /aws/vendedlogs/, which needs no space in the one policy that an account has for such logs', async () => {
    const { templates } = await defaultDeployment();
    const { Properties } = onlyResource(templates.backfill, 'AWS::StepFunctions::StateMachine');
    const logging = JSON.stringify(Properties.LoggingConfiguration);
    const [group] = Object.entries(resourcesOf(templates.backfill, 'AWS::Logs::LogGroup')).filter(([id]) =>
      logging.includes(`"${id}"`),
    );
    const name = '/aws/vendedlogs/states/sluice-main-backfill';
    expect(group?.[1].Properties.LogGroupName).toBe(name);
    const key = onlyResource(templates.foundation, 'AWS::KMS::Key');
    expect(JSON.stringify(key.Properties.KeyPolicy)).toContain(`:log-group:${name}"`);
  });

  it('reads other buckets, and more batches in parallel, if the stage file says so', {
    timeout: SYNTHESIS_TIMEOUT_MS,
  }, async () => {
    const { templates } = await synthesize({ backfillSources: ['old-bucket', 'older'], backfillWorkers: 40 });
    const { backfill } = templates;
    const policies = resourcesOf(backfill, 'AWS::IAM::ManagedPolicy');
    const text = JSON.stringify(filledIn(policies, templates));
    expect(text).toContain('"arn:aws:s3:::old-bucket","arn:aws:s3:::older"]');
    expect(text).toContain('"arn:aws:s3:::old-bucket/*","arn:aws:s3:::older/*"');
    const machine = onlyResource(backfill, 'AWS::StepFunctions::StateMachine');
    expect(JSON.stringify(machine)).toContain('MaxConcurrency\\":40');
  });

  it('decrypts objects of a bucket with its own key, through S3 and only with the keys in the stage file', async () => {
    const { templates } = await trialDeployment();
    const policies = filledIn(resourcesOf(templates.backfill, 'AWS::IAM::ManagedPolicy'), templates);
    const decrypts = (JSON.stringify(policies).match(/\{[^{}]*\{[^{}]*\{[^{}]*\}\}[^{}]*\}/g) ?? []).filter(text =>
      text.includes(KEY),
    );
    // Of the planner and the worker: the publisher reads no source.
    expect(decrypts.map(text => JSON.parse(text))).toEqual(
      Array(2).fill({
        ...{ Action: 'kms:Decrypt', Effect: 'Allow', Resource: KEY },
        Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } },
      }),
    );
  });

  it('fits the longest list of buckets into a policy, which IAM limits to 6,144 characters', async () => {
    const { templates } = await synthesize({
      stage: 'abcdefghijklmnop',
      backfillSources: longest(20),
      backfillKeys: { [longest(1)[0] ?? '']: Array.from({ length: 5 }, (_, index) => `${KEY}${index}`) },
    });
    const sizes = Object.values(resourcesOf(templates.backfill, 'AWS::IAM::ManagedPolicy')).map(({ Properties }) => {
      const document = JSON.stringify(filledIn(Properties.PolicyDocument, templates));
      // For values that only AWS knows, the maximum length of their ARN.
      return document.replace(/\w+\.Arn\b/g, 'a'.repeat(150)).replace(/\s/g, '').length;
    });
    expect(Math.max(...sizes)).toBeGreaterThan(5_000);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(6_144);
  });
});

/** The given number of bucket names, each with the maximum length that S3 allows. */
function longest(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `b${index}-`.padEnd(63, 'x'));
}

/** The bucket in the trial's stage file. */
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555';
