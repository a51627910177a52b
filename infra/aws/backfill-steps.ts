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

/** Where Step Functions writes what became of each batch, in the lake's bucket. */
export const MAP_RUNS = 'backfill/map-runs/';

/** What the steps of a backfill work with. */
export interface BackfillStepsProps {
  /** The functions `backfill-plan`, `backfill-work` and `backfill-publish`. */
  plan: IFunction;
  read: IFunction;
  publish: IFunction;
  /** The lake's. */
  bucket: IBucket;
  /** Batches that are read at a time. */
  workers: number;
}

/**
 * The steps of a backfill: plan, read the batches, sum up. A batch that fails does not keep the others from being read; once
 * they are, those that failed are read once more, and there the first failure is that of the execution. So whatever fails,
 * the execution fails in a step that a redrive repeats; and all steps may be repeated.
 */
export function backfillSteps(
  scope: Construct,
  { plan, read, publish, bucket, workers }: BackfillStepsProps,
): IChainable {
  const readBatches = (id: string, itemsPath: string, toleratedFailurePercentage: number) => {
    const map = new DistributedMap(scope, id, {
      comment: 'Reads the batches that are listed in an object of the lake, each in a function of its own',
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
  // Where more than a tenth fails, something is wrong that the other batches would meet too.
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

/** What the caller must mend is not tried again. Too many functions at once pass with time; of other errors four are enough. */
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
