/**
 * The events of the backfill's functions, as Step Functions delivers them with the deployed definition: the
 * `Parameters` of a task are the event of its function, and each line of the list of batches is the input of its own
 * execution.
 *
 * The shapes follow AWS's pages "Accessing execution data from the Context object in Step Functions"
 * (backfill-execution*.json), "ItemReader (Map)" (a line of JSON Lines is an item) and "ItemBatcher (Map)" (`Items` and
 * `BatchInput`, which ours lacks).
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type HandlerName, handlerEnvironment } from '../../../../infra/settings.ts';
import { getObject, putObject } from '../../../../lake/objects.ts';
import { type RunningLake, runLake } from '../../../lake/running-lake.ts';
import { contract } from '../../../workshop-contract.ts';
import { type Definition, type Execution, execute, type Functions } from '../state-machine.ts';
import { defaultDeployment, filledIn, onlyResource, SYNTHESIS_TIMEOUT_MS } from '../synth.ts';
import { bundled } from './bundled.ts';
import { callHandler } from './lambda.ts';
import { PLAIN, putOldObjects, vanishing } from './old-objects.ts';
import { sendingOn } from './sending-on.ts';

const PLANNER = 'PlannerFunctionAFCCE450.Arn';
type Step = Extract<HandlerName, `backfill-${string}`>;
const FUNCTIONS: Record<string, Step> = {
  [PLANNER]: 'backfill-plan',
  'WorkerFunctionAF8A26AF.Arn': 'backfill-work',
  'PublisherFunction1938950E.Arn': 'backfill-publish',
};
const bundles = bundled(Object.values(FUNCTIONS));

let definition: Definition;
let lake: RunningLake;
beforeAll(async () => {
  const { templates } = await defaultDeployment();
  const { Properties } = onlyResource(templates.backfill, 'AWS::StepFunctions::StateMachine');
  definition = JSON.parse(String(filledIn(Properties.DefinitionString, templates))) as Definition;
  lake = await runLake(contract);
  await putOldObjects(lake);
}, SYNTHESIS_TIMEOUT_MS);
afterAll(() => lake.stop());

let buckets = 0;
let bucket: string;
let aws: RunningLake;
beforeEach(async () => {
  bucket = `lake-${++buckets}`;
  await lake.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  aws = lake.inBucket(bucket);
});

const file = (name: string) => readFileSync(new URL(`events/${name}`, import.meta.url), 'utf8');
const event = (name: string): unknown => JSON.parse(file(`${name}.json`));

/** Calls a bundled function with each event, in its own process. */
async function call(step: Step, ...events: unknown[]) {
  return callThrough(lake.lake.aws.endpoint ?? '', step, ...events);
}

async function callThrough(endpoint: string, step: Step, ...events: unknown[]) {
  const { region, credentials } = lake.lake.aws;
  const { answers } = await callHandler(bundles.get(step)?.folder ?? '', events, {
    ...handlerEnvironment(step, { bucket }),
    AWS_REGION: region,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: credentials?.accessKeyId ?? '',
    AWS_SECRET_ACCESS_KEY: credentials?.secretAccessKey ?? '',
  });
  return answers;
}

/** The functions of the definition, and their calls. */
function recording(): { functions: Functions; delivered: [Step, unknown][] } {
  const delivered: [Step, unknown][] = [];
  const functions = Object.entries(FUNCTIONS).map(([arn, step]): [string, Functions[string]] => [
    arn,
    async payload => {
      delivered.push([step, payload]);
      const [answer] = await call(step, payload);
      if (answer?.error === undefined) return answer?.result;
      throw Object.assign(new Error(answer.error.message), { name: answer.error.name });
    },
  ]);
  return { functions: Object.fromEntries(functions), delivered };
}

interface Context {
  Execution: { Name: string; Input: Record<string, unknown>; RedriveCount: number };
}

function start(functions: Functions): Promise<Execution> {
  const { Name: name, Input: input } = (event('backfill-execution') as Context).Execution;
  const readObject = (from: string, key: string) => {
    expect(from).toMatch(/^Lake/);
    return getObject(lake.s3, bucket, key);
  };
  return execute({ definition, functions, readObject, name }, input);
}

const AGAIN = 'Start the backfill again; it makes a new plan.';
const RUN = 'backfill-20241028T063000-0a1b2c';
const PLANNED = { run: RUN, items: `backfill/plans/${RUN}/batches.jsonl`, batches: 2, objects: 1_006, bytes: 86_447 };
const SUMMED = {
  ...{ run: RUN, report: `s3://${'BUCKET'}/backfill/runs/${RUN}.json`, batches: 2 },
  ...{ missing: 0, missingItems: `backfill/plans/${RUN}/missing.jsonl` },
  ...{ objectsRead: 1_006, recordsRead: 1_006, recordsRejected: 1, objectsDamaged: 1 },
};
const summed = () => ({ ...SUMMED, report: SUMMED.report.replace('BUCKET', bucket) });

/** Every object of the lake's bucket, by the hash of its content. */
async function inBucket(): Promise<Record<string, string>> {
  const hashed = async (key: string) =>
    [
      key,
      createHash('sha1')
        .update(await aws.bytes(key))
        .digest('hex'),
    ] as const;
  return Object.fromEntries(await Promise.all((await aws.keys('')).map(hashed)));
}

/** The result of a run over the sources, whatever happened during it. */
async function expectWholeLake(): Promise<void> {
  const rows = await aws.rows();
  expect(new Set(rows.map(({ ts }) => (ts as Date).toISOString())).size).toBe(PLAIN + 4);
  expect(rows).toHaveLength(PLAIN + 4);
  expect((await aws.failures()).map(([why]) => why.split(':')[0])).toEqual(['missing-field']);
  expect(await aws.keys('errors/broken-object/')).toEqual([expect.stringMatching(/-z-cut\.gz$/)]);
  expect(await aws.keys('backfill/ledger/')).toHaveLength(2);
  const report = JSON.parse((await aws.bytes(`backfill/runs/${RUN}.json`)).toString());
  expect(report).toMatchObject({
    finished: true,
    objects: { read: 1_006, alreadyDone: 0, duplicates: 0, unread: 0, ignored: 0 },
    records: { read: 1_006, accepted: 1_004, skipped: 1, rejected: { 'missing-field': 1 } },
    damaged: [{ name: 's3://old-bucket/raw/z-cut.gz', kind: 'truncated' }],
    dates: ['2024-10-20', '2024-10-21'],
  });
}

describe('an execution that was started as the command starts it', () => {
  it('delivers these events, those of unfinished batches when it is redriven, and leaves all content of the sources', async () => {
    const { functions, delivered } = recording();
    const { gone, back } = vanishing(lake, 'z-rejected.json');
    const failed = await start({
      ...functions,
      [PLANNER]: async payload => functions[PLANNER]?.(payload).finally(gone),
    });
    expect(delivered).toEqual([
      ['backfill-plan', event('backfill-plan')],
      ['backfill-work', event('backfill-work-1')],
      ['backfill-work', event('backfill-work-2')],
    ]);
    expect((await aws.bytes(PLANNED.items)).toString()).toBe(file('backfill-batches.jsonl'));
    expect(failed).toMatchObject({ status: 'FAILED', failedIn: 'Read' });
    expect(failed.cause).toMatch(/z-rejected\.json .*\. /);

    await back();
    delivered.length = 0;
    const { Execution } = event('backfill-execution') as Context;
    expect(event('backfill-execution-redriven')).toMatchObject({ Execution: { ...Execution, RedriveCount: 1 } });
    expect(await failed.redrive()).toEqual(expect.objectContaining({ status: 'SUCCEEDED', output: summed() }));
    // The same name, input and items: nothing in an event shows that it comes from a redrive.
    expect(delivered).toEqual([
      ['backfill-work', event('backfill-work-2')],
      ['backfill-publish', event('backfill-publish')],
    ]);
    await expectWholeLake();

    // Step Functions delivers an event again if the answer did not arrive.
    const before = await inBucket();
    expect([
      ...(await call('backfill-plan', event('backfill-plan'))),
      ...(await call('backfill-work', event('backfill-work-2'), event('backfill-work-1'))),
      ...(await call('backfill-publish', event('backfill-publish'))),
    ]).toEqual([
      { result: PLANNED },
      { result: { batch: 2, objects: 6, records: 6 } },
      { result: { batch: 1, objects: 1_000, records: 1_000 } },
      { result: summed() },
    ]);
    expect(await inBucket()).toEqual(before);
  }, 120_000);
});

const NAME =
  'it must be the name of a run. Use up to 100 letters, digits, `.`, `_` and `-`; the state machine sends the name of its execution.';
const BATCH = 'it must be the key of a planned batch. Send {"batch": "backfill/plans/RUN/batches/00000001.json"}.';

describe('an invalid event is refused with what is wrong with it, and changes nothing', () => {
  it.each<[Step, [unknown, string][]]>([
    [
      'backfill-plan',
      [
        [event('backfill-plan-empty'), 'sources must be a list of s3://bucket/prefix. Give an input such as'],
        [event('backfill-plan-console'), 'sources must be a list of s3://bucket/prefix. Give an input such as'],
        [event('backfill-plan-text'), `The input of the backfill is "s3://old-bucket/raw/"; it must be an object`],
        [event('backfill-plan-misspelt'), 'Did you mean dryRun?'],
        [
          event('backfill-plan-wrong-values'),
          'sources must be a list of s3://bucket/prefix; ["2024-10-20"] is not a date; 20241021 is not a date; dryRun must be true or false.',
        ],
        [event('backfill-plan-unnamed'), `The event's run is missing; ${NAME}`],
        [event('backfill-plan-execution-name'), `The event's run is "Rückblick(2023)+2024"; ${NAME}`],
        [event('backfill-plan-other-contract'), 'contract'],
        [{ run: '..', request: {} }, `The event's run is ".."; ${NAME}`],
        [{ run: RUN, request: null }, 'The input of the backfill is null; it must be an object'],
        [{ run: RUN, request: { sources: [], other: 1 } }, 'sources, from, to, dryRun, contract'],
        [null, 'The event is null; it must be an object such as {"run": NAME'],
        ['x'.repeat(1_000), `The event is "${'x'.repeat(199)}…; it must be an object`],
      ],
    ],
    [
      'backfill-work',
      [
        [event('backfill-work-empty'), `The event's batch is missing; ${BATCH}`],
        [event('backfill-work-batched'), `The event's batch is missing; ${BATCH}`],
        [event('backfill-work-listed'), `The event's batch is missing; ${BATCH}`],
        [event('backfill-work-line'), `The event's batch is {"batch":"backfill/plans/${RUN}/batches/00000001.json"`],
        [event('backfill-work-plan'), `The event's batch is "backfill/plans/${RUN}/plan.json"; ${BATCH}`],
        [event('backfill-work-outside'), `The event's batch is "backfill/plans/../batches/00000001.json"; ${BATCH}`],
        [event('backfill-work-unplanned'), `batches/00000099.json. ${AGAIN}`],
        [[], 'The event is []; it must be an object'],
        [null, 'The event is null; it must be an object'],
      ],
    ],
    [
      'backfill-publish',
      [
        [event('backfill-publish-empty'), `The event's run is missing; ${NAME}`],
        [event('backfill-publish-number'), `The event's run is 20241021; ${NAME}`],
        [event('backfill-publish-unplanned'), `plans/backfill-20241028T063000-ffffff/plan.json. ${AGAIN}`],
        [7, 'The event is 7; it must be an object'],
      ],
    ],
  ])('by %s', async (step, events) => {
    const answers = await call(step, ...events.map(([bad]) => bad));
    expect(answers.map(({ error }) => error)).toEqual(
      events.map(([, words]) => ({ name: 'UserError', message: expect.stringContaining(words) })),
    );
    expect(await aws.keys('')).toEqual([]);
  });

  it('by the worker and the publisher, if a plan or a batch is not as the planner wrote it', async () => {
    const ours = { run: RUN, scope: { contract: 'c' }, objects: [] };
    const wrong = [
      { ...ours, run: 'x' },
      { ...ours, number: 99 },
      { ...ours, scope: null },
      { ...ours, objects: [null] },
    ];
    const broken = ['{"run":', 'null', ...wrong.map((content, at) => JSON.stringify({ number: at + 3, ...content }))];
    const batches = broken.map((content, at) => put(`backfill/plans/${RUN}/batches/0000000${at + 1}.json`, content));
    const plans = broken.map((content, at) => put(`backfill/plans/run-${at}/plan.json`, content));
    const answers = [
      ...(await call('backfill-work', ...(await Promise.all(batches)).map(batch => ({ batch })))),
      ...(await call('backfill-publish', ...(await Promise.all(plans)).map((_, at) => ({ run: `run-${at}` })))),
    ];
    const keys = await Promise.all([...batches, ...plans]);
    expect(answers.map(({ error }) => error)).toEqual(
      keys.map(key => ({
        name: 'UserError',
        message: expect.stringContaining(`s3://${bucket}/${key}`),
      })),
    );
    expect(await aws.keys('')).toEqual(keys.toSorted());
  });
});

/** Puts an object into the lake's bucket; returns its key. */
async function put(key: string, content: string): Promise<string> {
  await putObject(lake.s3, { bucket, key }, Buffer.from(content));
  return key;
}

it('reads a bucket in another region by following the redirect of S3', async () => {
  const { url, sentOn } = await sendingOn(lake.lake.aws.endpoint ?? '', 'old-bucket', 'eu-west-1');
  const request = { sources: ['s3://old-bucket/raw/z-rejected.json'] };
  expect(await callThrough(url, 'backfill-plan', { run: RUN, request })).toMatchObject([{ result: { objects: 1 } }]);
  const worked = await callThrough(url, 'backfill-work', event('backfill-work-1'));
  expect(worked).toEqual([{ result: { batch: 1, objects: 1, records: 2 } }]);
  expect(sentOn()).toBe(2);
  expect(await aws.rows()).toHaveLength(1);
});

it('answers and events stay far below the 256 KiB limit of Step Functions', () => {
  const most = { ...PLANNED, run: 'x'.repeat(80), batches: 1e7, objects: 1e9, bytes: 1e15 };
  expect(JSON.stringify({ most, event: event('backfill-work-1') }).length).toBeLessThan(1_000);
});
