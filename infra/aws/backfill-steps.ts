import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import {
  Choice,
  Condition,
  DistributedMap,
  type IChainable,
  JitterType,
  JsonPath,
  ResultWriterV2,
  S3JsonLItemReader,
  StateMachineType,
  Succeed,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';

/** Where Step Functions writes the result of each batch, in the lake's bucket. */
export const MAP_RUNS = 'backfill/map-runs/';

/** The inputs of the steps of a backfill. */
export interface BackfillStepsProps {
  /** The functions `backfill-plan`, `backfill-work` and `backfill-publish`. */
  plan: IFunction;
  read: IFunction;
  publish: IFunction;
  /** The lake's bucket. */
  bucket: IBucket;
  /** Number of batches read in parallel. */
  workers: number;
}

/**
 * The steps of a backfill: plan, read the batches, summarize. A failed batch does not stop the others. When they are
 * done, the failed ones are read once more, and there the first failure fails the execution. So the execution always
 * fails in a step that a redrive repeats; every step is safe to repeat.
 */
export function backfillSteps(
  scope: Construct,
  { plan, read, publish, bucket, workers }: BackfillStepsProps,
): IChainable {
  const readBatches = (id: string, itemsPath: string, toleratedFailurePercentage: number) => {
    const map = new DistributedMap(scope, id, {
      comment: 'Reads the batches listed in an object of the lake, each in its own function',
      itemReader: new S3JsonLItemReader({ bucket, key: JsonPath.stringAt(itemsPath) }),
      // An express execution ends after 5 minutes, and a function may take 15.
      mapExecutionType: StateMachineType.STANDARD,
      maxConcurrency: workers,
      toleratedFailurePercentage,
      resultWriterV2: new ResultWriterV2({ bucket, prefix: MAP_RUNS.slice(0, -1) }),
      resultPath: JsonPath.DISCARD,
    });
    map.itemProcessor(task(`${id}: a batch`, read, { batch: JsonPath.stringAt('$.batch') }));
    return map;
  };
  const task = (id: string, lambdaFunction: IFunction, payload: Record<string, unknown>) =>
    withRetries(
      new LambdaInvoke(scope, id, {
        lambdaFunction,
        payload: TaskInput.fromObject(payload),
        payloadResponseOnly: true,
        retryOnServiceExceptions: false,
      }),
    );

  const planned = task('Plan', plan, { run: JsonPath.executionName, request: JsonPath.entirePayload });
  const summed = task('Sum up', publish, { run: JsonPath.stringAt('$.run') });
  const readAgain = readBatches('Read those that failed', '$.missingItems', 0);
  // If more than a tenth fails, the cause would probably affect the other batches too.
  planned
    .next(readBatches('Read', '$.items', 10))
    .next(summed)
    .next(
      new Choice(scope, 'Were all read?')
        .when(Condition.numberEquals('$.missing', 0), new Succeed(scope, 'Done'))
        .otherwise(readAgain),
    );
  readAgain.next(summed);
  return planned;
}

/**
 * Errors that the caller must fix are not retried. Throttling passes with time; four attempts are enough for other
 * errors.
 */
function withRetries(task: LambdaInvoke): LambdaInvoke {
  const wait = { backoffRate: 2, jitterStrategy: JitterType.FULL };
  task.addRetry({ errors: ['UserError'], maxAttempts: 0 });
  task.addRetry({
    errors: ['Lambda.TooManyRequestsException'],
    ...{ ...wait, interval: Duration.seconds(10), maxDelay: Duration.minutes(5), maxAttempts: 12 },
  });
  task.addRetry({
    errors: ['States.ALL'],
    ...{ ...wait, interval: Duration.seconds(10), maxDelay: Duration.minutes(2), maxAttempts: 4 },
  });
  return task;
}
