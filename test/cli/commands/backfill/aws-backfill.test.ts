/** `sluice backfill --aws`: local sources are read here, s3:// ones by the deployed state machine, of which a script answers. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Command, Effects } from '../../../../cli/command.ts';
import { openAwsRuns } from '../../../../cli/commands/backfill/aws-run.ts';
import { command } from '../../../../cli/commands/backfill/backfill.ts';
import { contractKey } from '../../../../contract/contract-key.ts';
import { LOCAL_NAMES } from '../../../../infra/local/local-names.ts';
import { createBackfillWorker } from '../../../../lake/backfill-worker.ts';
import { listObjects, putObject } from '../../../../lake/objects.ts';
import { type PlanRequest, planBackfill } from '../../../../lake/plan-backfill.ts';
import { publishRun } from '../../../../lake/publish-run.ts';
import { runLake } from '../../../lake/running-lake.ts';
import { recordedEffects } from '../../../recorded-effects.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import { contract } from '../../../workshop-contract.ts';
import { type Call, parameterOf, published, type Script, scriptedAws, sdkEnvironment } from '../../scripted-aws.ts';
import { printed, wrongUsage } from '../../wrong-usage.ts';

const ARN = 'arn:aws:states:eu-central-1:123456789012:execution:sluice-main-backfill';
const MAP_RUN = 'arn:aws:states:eu-central-1:123456789012:mapRun:sluice-main-backfill/Read:1';
const remainingMs = () => 900_000;
const MESSAGE = '{"DEVICE_NAME":"a","TIMESTAMP":"2024-10-21T10:15:30","HUMIDITY":41,"TEMPERATURE":22}';
const input = ({ body }: Call) => JSON.parse(body) as Record<string, string>;

/** A deployed lake whose state machine answers by a script. */
async function account(script: Script = {}) {
  const lake = await runLake(contract);
  const services = await scriptedAws({ ...parameterOf(published()), ...script });
  await sdkEnvironment({
    AWS_ENDPOINT_URL: lake.lake.aws.endpoint ?? '',
    AWS_ENDPOINT_URL_SSM: services.url,
    AWS_ENDPOINT_URL_SFN: services.url,
    AWS_ACCESS_KEY_ID: 'TESTKEY',
  });
  onTestFinished(() => lake.stop());
  const cwd = await temporaryFolder();
  const run = async (args: string[], more: Partial<Effects> = {}) => {
    const effects = recordedEffects({ cwd, ...more });
    const code = await command.run([...args, '--aws'], effects);
    return { code, out: effects.out(), err: effects.err() };
  };
  const called = () => services.calls.map(({ name }) => name.replace(/^(AWSStepFunctions|AmazonSSM)\./, ''));
  return { lake, run, called, calls: services.calls, cwd };
}

/** The state machine's functions, called in turn when an execution is started; then it has succeeded. */
function working(s3: () => S3Client): Script {
  return {
    'AWSStepFunctions.StartExecution': async call => {
      const { name = '', input: text = '' } = input(call);
      const place = { s3: s3(), bucket: LOCAL_NAMES.bucket, contract };
      const request = JSON.parse(text) as Omit<PlanRequest, 'run'>;
      await planBackfill({ ...request, run: name }, place, { now: () => Date.UTC(2024, 9, 28), remainingMs });
      await createBackfillWorker(place)(`backfill/plans/${name}/batches/00000001.json`, { remainingMs });
      await publishRun(place.s3, place.bucket, name);
      return { body: { executionArn: `${ARN}:${name}`, startDate: 1 } };
    },
    'AWSStepFunctions.DescribeExecution': call => ({
      body: { executionArn: input(call).executionArn, status: 'SUCCEEDED' },
    }),
  };
}

const refused = (promise: Promise<unknown>) => promise.then(String, printed);

describe('sources in S3', () => {
  it('are read by the state machine, whose report comes back as that of a laptop', async () => {
    let s3: S3Client | undefined;
    const { lake, run, called, calls } = await account(working(() => s3 as S3Client));
    s3 = lake.s3;
    await putObject(s3, { bucket: LOCAL_NAMES.bucket, key: 'import/1.json' }, Buffer.from(`${MESSAGE}{}`));
    const { code, out, err } = await run(['s3://sluice-lake/import/', '--from', '2024-10-01', '--format', 'json']);
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      finished: true,
      records: { accepted: 1, rejected: { 'missing-field': 1 } },
    });
    expect(err).toMatch(/^.*\bbackfill-20241028T063000-[0-9a-f]{6}\b.*Ctrl-C/);
    expect(err).toContain('Rejected records: s3://sluice-lake/errors/processing-failed/\n');
    expect(called()).toEqual(['GetParameter', 'StartExecution', 'DescribeExecution']);
    const { stateMachineArn, input: request = '' } = input(calls[1] as Call);
    expect(stateMachineArn).toBe(published().backfillStateMachineArn);
    expect(JSON.parse(request)).toEqual({
      sources: ['s3://sluice-lake/import/'],
      ...{ from: '2024-10-01', to: null, dryRun: false, contract: contractKey(contract) },
    });
    expect(await lake.rows()).toHaveLength(1);
  });
});

it('local sources are read here, into the lake of the deployment', async () => {
  const { lake, run, called, cwd } = await account();
  await mkdir(path.join(cwd, 'in'));
  await writeFile(path.join(cwd, 'in', '1.json'), MESSAGE);
  expect((await run(['in'])).code).toBe(0);
  expect(called()).toEqual(['GetParameter']);
  expect(await lake.rows()).toHaveLength(1);
  const kept: string[] = [];
  for await (const { key } of listObjects(lake.s3, { bucket: LOCAL_NAMES.bucket, prefix: 'backfill/' })) kept.push(key);
  expect(kept).toEqual([expect.stringMatching(/^backfill\/ledger\//)]);
});

it.each([
  ['backfill', ['in']],
  ['reprocess', ['raw', '--from', '2024-10-01']],
  ['compact', []],
])('%s writes nothing to a lake that was deployed with another contract', async (name, args) => {
  const { lake, cwd } = await account(parameterOf(published({ contractKey: 'ffffffffffffffff' })));
  await mkdir(path.join(cwd, 'in'));
  await writeFile(path.join(cwd, 'in', '1.json'), MESSAGE);
  const { command: writing } = (await import(`../../../../cli/commands/${name}/${name}.ts`)) as { command: Command };
  expect(await refused(writing.run([...args, '--aws'], recordedEffects({ cwd })))).toMatch(/stage main[\s\S]*--config/);
  expect(await lake.keys('')).toEqual([]);
});

describe('a backfill that was started', () => {
  const lake = { aws: { region: 'eu-central-1' }, names: LOCAL_NAMES, contract };

  it('is followed batch by batch', async () => {
    const statuses = ['RUNNING', 'RUNNING', 'RUNNING', 'ABORTED'];
    const mapRuns = [[], [{ mapRunArn: MAP_RUN, startDate: 1 }], [{ mapRunArn: MAP_RUN, startDate: 1 }]];
    await account({
      'AWSStepFunctions.DescribeExecution': () => ({ body: { status: statuses.shift() } }),
      'AWSStepFunctions.ListMapRuns': () => ({ body: { mapRuns: mapRuns.shift() } }),
      'AWSStepFunctions.DescribeMapRun': () => ({ body: { itemCounts: { succeeded: 3, failed: 1, total: 9 } } }),
    });
    const runs = openAwsRuns(lake, published());
    onTestFinished(() => runs.close());
    const seen: unknown[] = [];
    const progress = (counts: unknown) => void seen.push(counts);
    const { signal } = new AbortController();
    expect(await refused(runs.follow('b1', { signal, progress, pollMs: 1 }))).toMatch(
      /b1 was stopped[\s\S]*sluice backfill --aws --redrive b1$/,
    );
    expect(seen).toEqual([
      { done: 3, failed: 1, of: 9 },
      { done: 3, failed: 1, of: 9 },
    ]);
  });

  it('goes on when the following ends', async () => {
    const stop = new AbortController();
    const { run } = await account({
      'AWSStepFunctions.DescribeExecution': () => ({ body: { status: 'RUNNING' } }),
      'AWSStepFunctions.ListMapRuns': () => {
        setImmediate(() => stop.abort());
        return { body: { mapRuns: [] } };
      },
    });
    expect(await refused(run(['--follow', `${ARN}:b1`], { signal: stop.signal }))).toMatch(
      /b1 is still running[\s\S]*sluice backfill --aws --follow b1\n[\s\S]*sluice backfill --aws --stop b1$/,
    );
  });

  it.each([
    ['REDRIVABLE', /sluice backfill --aws --redrive b1$/],
    ['NOT_REDRIVABLE', /start the backfill again/],
  ])('says why it failed, in the words of the batch that failed first (%s)', async (redriveStatus, todo) => {
    const cause = JSON.stringify({
      errorType: 'UserError',
      errorMessage: 'The bucket old may not be read.',
      trace: [],
    });
    const { run } = await account({
      'AWSStepFunctions.DescribeExecution': call => ({
        body: input(call).executionArn?.endsWith('child')
          ? { status: 'FAILED', cause }
          : {
              executionArn: `${ARN}:b1`,
              status: 'FAILED',
              error: 'States.ExceedToleratedFailureThreshold',
              redriveStatus,
            },
      }),
      'AWSStepFunctions.ListMapRuns': { body: { mapRuns: [{ mapRunArn: MAP_RUN, startDate: 1 }] } },
      'AWSStepFunctions.ListExecutions': call =>
        input(call).statusFilter === 'FAILED' && input(call).mapRunArn === MAP_RUN
          ? { body: { executions: [{ executionArn: `${ARN}:child` }] } }
          : { error: 'InvalidArn' },
    });
    const message = await refused(run(['--follow', 'b1']));
    expect(message).toMatch(/\bb1 failed.*: The bucket old may not be read\.\n/);
    expect(message).toMatch(todo);
  });

  it('is not to be redriven where its plan cannot be gone on with', async () => {
    const errorMessage =
      's3://old/1.gz is gone since the plan was made. Start the backfill again; it makes a new plan.';
    const cause = JSON.stringify({ errorType: 'UserError', errorMessage });
    const failed = { status: 'FAILED', error: 'UserError', cause, redriveStatus: 'REDRIVABLE' };
    const { run } = await account({ 'AWSStepFunctions.DescribeExecution': { body: failed } });
    const message = await refused(run(['--follow', 'b1']));
    expect(message).toContain(errorMessage);
    expect(message).not.toContain('--redrive');
  });

  it('is redriven and then followed, or cannot be', async () => {
    const { run, called } = await account({
      'AWSStepFunctions.RedriveExecution': call =>
        input(call).executionArn === `${ARN}:b1`
          ? { body: { redriveDate: 1 } }
          : { error: 'ExecutionNotRedrivable', body: { message: 'Execution is SUCCEEDED.' } },
      'AWSStepFunctions.DescribeExecution': { error: 'ExecutionDoesNotExist' },
    });
    expect(await refused(run(['--redrive', 'b1']))).toMatch(/\bb1\b.*\n.*90 days/);
    expect(called()).toEqual(['GetParameter', 'RedriveExecution', 'DescribeExecution']);
    expect(await refused(run(['--redrive', 'b2']))).toMatch(/\bb2: Execution is SUCCEEDED\..*\n.*14 days/);
  });

  it('is not taken for what it was before it was redriven, which Step Functions may say at first', async () => {
    const looks = [{}, { redriveDate: 1_000 }, { redriveDate: 2_000 }].map(date => ({ status: 'FAILED', ...date }));
    await account({
      'AWSStepFunctions.RedriveExecution': { body: { redriveDate: 2_000 } },
      'AWSStepFunctions.DescribeExecution': () => ({ body: { ...looks.shift(), cause: `${looks.length} left` } }),
    });
    const runs = openAwsRuns(lake, published());
    onTestFinished(() => runs.close());
    const begun = await runs.redrive('b1');
    const effects = { signal: new AbortController().signal, progress: () => {}, pollMs: 1 };
    expect(await refused(runs.follow('b1', { ...effects, begun }))).toContain('b1 failed on AWS: 0 left');
    // Who only follows is told what there is.
    looks.push({ status: 'FAILED' }, { status: 'FAILED' });
    expect(await refused(runs.follow('b1', effects))).toContain('1 left');
  });

  it('is waited for where Step Functions does not know it yet, and not for ever', async () => {
    let unknown = 3;
    const { called } = await account({
      'AWSStepFunctions.DescribeExecution': () =>
        unknown-- > 0 ? { error: 'ExecutionDoesNotExist' } : { body: { status: 'ABORTED' } },
    });
    const runs = openAwsRuns(lake, published());
    onTestFinished(() => runs.close());
    const effects = { signal: new AbortController().signal, progress: () => {}, pollMs: 1, begun: {} };
    expect(await refused(runs.follow('b1', effects))).toContain('b1 was stopped');
    expect(called()).toHaveLength(4);
    unknown = 1_000;
    expect(await refused(runs.follow('b1', effects))).toMatch(/\bb1\b.*\n.*90 days/);
  });

  it('is not started with more sources than an input of Step Functions holds', async () => {
    const { run, called } = await account();
    const sources = Array.from({ length: 9_000 }, (_, index) => `s3://old-bucket/2026/01/01/${index}.gz`);
    expect(await refused(run(sources))).toMatch(/\b9000 sources\b/);
    expect(called()).toEqual(['GetParameter']);
  });

  it('is stopped', async () => {
    const { run, calls } = await account({ 'AWSStepFunctions.StopExecution': { body: { stopDate: 1 } } });
    const { code, err } = await run(['--stop', 'b1']);
    expect([code, err]).toEqual([0, expect.stringMatching(/\bb1\b/)]);
    expect(input(calls[1] as Call).executionArn).toBe(`${ARN}:b1`);
  });
});

it.each<[string[], RegExp]>([
  [['in', 's3://b/x'], /s3:\/\/[\s\S]*two commands/],
  [['--follow', 'b1', '--stop', 'b1'], /sluice backfill --aws --follow b1/],
  [['--follow', ''], /--follow/],
  [['s3://b/x', '--redrive', 'b1'], /sluice backfill --aws --redrive b1/],
  [['--follow', 'b1', '--from', '2026-01-01'], /sluice backfill --aws --follow b1/],
  [[], /SOURCE/],
])('refuses %j', async (args, part) => {
  expect(await wrongUsage(command.run([...args, '--aws'], recordedEffects()))).toMatch(part);
});

it('names --aws where a run on AWS is meant without it', async () => {
  expect(await wrongUsage(command.run(['--stop', 'b'], recordedEffects()))).toContain('--aws --stop b');
});
