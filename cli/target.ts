/** Where a command works: in a data folder of this machine, or on AWS. */
import path from 'node:path';
import { isStage } from '../contract/deployment.ts';
import { commandSettings } from '../contract/settings.ts';
import { UserError } from '../contract/user-error.ts';

/** The options that choose the place, as `parseOptions` gives them. */
export interface PlaceOptions {
  data?: string | undefined;
  aws?: boolean | undefined;
  stage?: string | undefined;
}

/** Absolute path of the data folder: `--data`, else SLUICE_DATA, else `.sluice`. */
export function dataFolder({ data, cwd }: { data?: string | undefined; cwd: string }): string {
  return path.resolve(cwd, data ?? commandSettings().data);
}

/** `--stage`, else SLUICE_STAGE, else `main`. Throws a `UserError` of exit code 2 for what is no name of a stage. */
export function stageOf(stage = commandSettings().stage): string {
  if (isStage(stage)) return stage;
  throw new UserError(`'${stage}' is no name of a stage.`, {
    exitCode: 2,
    todo: 'It is 1 to 16 of a-z and 0-9, and begins with a letter: --stage main',
  });
}

/** Throws a `UserError` of exit code 2 where `--data` names a lake on this machine and `--aws` the deployed one. */
export function refuseMixedPlaces({ aws, data }: PlaceOptions): void {
  if (aws === true && data !== undefined)
    throw new UserError('--data is a lake on this machine, and --aws the deployed one.', {
      exitCode: 2,
      todo: 'Leave one of them out.',
    });
}

/** Throws a `UserError` of exit code 2 where `--stage` stands without `--aws`: nothing on this machine has stages. */
export function refuseLoneStage({ aws, stage }: PlaceOptions): void {
  if (stage !== undefined && aws !== true)
    throw new UserError('--stage names a deployment on AWS, so it needs --aws.', {
      exitCode: 2,
      todo: `Write: --aws --stage ${stage}`,
    });
}

/** Throws a `UserError` of exit code 2, which says why, where a command that works on this machine alone is given `--aws`. */
export function refuseAws({ aws }: PlaceOptions, why: string, todo: string): void {
  if (aws === true) throw new UserError(why, { exitCode: 2, todo });
}
