/** What a command works on: a data folder on this machine, or a deployment on AWS. */
import path from 'node:path';
import { UserError } from '../contract/user-error.ts';
import { isStage } from '../infra/aws/published-deployment.ts';
import { commandSettings } from '../infra/settings.ts';

/** The options that choose the target. */
export interface TargetOptions {
  data?: string | undefined;
  aws?: boolean | undefined;
  stage?: string | undefined;
}

/** Absolute path of the data folder: `--data`, else SLUICE_DATA, else `.sluice`. */
export function dataFolder({ data, cwd }: { data?: string | undefined; cwd: string }): string {
  return path.resolve(cwd, data ?? commandSettings().data);
}

/** `--stage`, else SLUICE_STAGE, else `main`. Throws a `UserError` of exit code 2 for an invalid name. */
export function stageOf(stage = commandSettings().stage): string {
  if (isStage(stage)) return stage;
  throw new UserError(`Invalid stage name '${stage}'.`, {
    exitCode: 2,
    todo: 'Use 1-16 lowercase letters or digits, starting with a letter: --stage main',
  });
}

/** Throws a `UserError` with exit code 2 if both `--data` (a local lake) and `--aws` (the deployed one) are given. */
export function refuseMixedTargets({ aws, data }: TargetOptions): void {
  if (aws === true && data !== undefined)
    throw new UserError(
      '--data and --aws exclude each other: one is a lake on this machine, the other the deployed one.',
      {
        exitCode: 2,
        todo: 'Leave out one of them.',
      },
    );
}

/** Throws a `UserError` with exit code 2 if `--stage` is given without `--aws`: nothing on this machine has stages. */
export function refuseLoneStage({ aws, stage }: TargetOptions): void {
  if (stage !== undefined && aws !== true)
    throw new UserError('--stage names a deployment on AWS, so it needs --aws.', {
      exitCode: 2,
      todo: `Write: --aws --stage ${stage}`,
    });
}

/** Throws a `UserError` with exit code 2 and the reason if a command that only works on this machine gets `--aws`. */
export function refuseAws({ aws }: TargetOptions, why: string, todo: string): void {
  if (aws === true) throw new UserError(why, { exitCode: 2, todo });
}
