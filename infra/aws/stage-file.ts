/** A stage's own file, `infra/stages/<name>.json`: everything that the stage's deployments share. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { packageFile } from '../../contract/package-root.ts';
import { nearest } from '../../contract/spelling.ts';
import { isTimeZone } from '../../contract/time.ts';
import { UserError } from '../../contract/user-error.ts';

/** The file's settings, with the defaults filled in. */
export interface StageFile {
  /** Path of the contract, relative to the root of the checkout. */
  contract: string;
  /** IANA time zone of the daily report. */
  timezone: string;
  /** Address for alarms; without it, the topic has no subscription. */
  alarmEmail: string | undefined;
  /** How long the stage may be silent before an alarm rings. */
  silenceMinutes: number;
  /** Origins that a browser may call the API from, such as `https://example.com`. */
  corsOrigins: string[];
  /** Scan limit of one Athena query, in GB (10^9 bytes). */
  scanLimitGb: number;
  /** Buckets, besides the lake's own, that a backfill on AWS may read. */
  backfillSources: string[];
  /** ARNs of the keys that encrypt those buckets, by bucket; a bucket with an S3 managed key needs none. */
  backfillKeys: Record<string, string[]>;
  /** Number of batches that a backfill reads in parallel, each in its own function. */
  backfillWorkers: number;
  /** Whether functions and the API record traces in X-Ray. */
  tracing: boolean;
  /** Whether destroying the stacks removes the data too. */
  removeData: boolean;
  account: string | undefined;
  region: string | undefined;
}

/**
 * The names are part of a policy of the functions, which IAM limits to 6,144 characters: more would fail during a
 * deployment.
 */
const MOST_SOURCES = 20;
const MOST_KEYS = 5;
/** CloudWatch evaluates at most one day, in the metric's periods of 5 minutes. */
const SILENCE = { from: 5, to: 1_440, step: 5 };

interface Setting<Value> {
  otherwise: Value;
  /** The rule for the setting, for an error message. */
  rule: string;
  fits: (value: unknown) => boolean;
}

type Settings = { [Name in keyof StageFile]: Setting<StageFile[Name]> };

/** `contract` has no default: a stage without one would get the example's. */
const SETTINGS: Settings = {
  contract: { otherwise: '', rule: 'must be the path of a contract, from the root of the checkout', fits: isText },
  timezone: {
    otherwise: 'UTC',
    rule: 'must be an IANA time zone, such as "Europe/Berlin"',
    fits: value => isText(value) && isTimeZone(value),
  },
  alarmEmail: {
    otherwise: undefined,
    rule: 'must be one e-mail address',
    fits: value => isText(value) && /^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/.test(value),
  },
  silenceMinutes: {
    otherwise: 60,
    rule: `must be a number of minutes from ${SILENCE.from} to ${SILENCE.to}, in steps of ${SILENCE.step}`,
    fits: value => isNumber(value, SILENCE.from, SILENCE.to) && value % SILENCE.step === 0,
  },
  corsOrigins: {
    otherwise: [],
    rule: 'must be a list of origins such as ["https://example.com"]; * is not one',
    fits: value => isListOf(value, origin => URL.canParse(origin) && new URL(origin).origin === origin),
  },
  scanLimitGb: {
    otherwise: 100,
    // Athena accepts no limit below 10 MB, which is also the minimum that it charges for a query.
    rule: 'must be a number of GB from 0.01 to 1000000',
    fits: value => isNumber(value, 0.01, 1_000_000),
  },
  backfillSources: {
    otherwise: [],
    rule: `must be a list of at most ${MOST_SOURCES} bucket names`,
    fits: value => isListOf(value, isBucket) && value.length <= MOST_SOURCES,
  },
  backfillKeys: {
    otherwise: {},
    rule: `must be lists of KMS key ARNs by the bucket that they encrypt, at most ${MOST_KEYS} keys in all`,
    fits: value =>
      isObject(value) &&
      Object.values(value).every(keys => isListOf(keys, isKeyArn)) &&
      Object.values(value).flat().length <= MOST_KEYS,
  },
  backfillWorkers: {
    // The live path's functions share the account's concurrent executions with a backfill, and accounts start with 10.
    otherwise: 5,
    rule: 'must be a whole number from 1 to 1000',
    fits: value => isNumber(value, 1, 1_000) && Number.isInteger(value),
  },
  tracing: { otherwise: false, rule: 'must be true or false', fits: isSwitch },
  removeData: { otherwise: false, rule: 'must be true or false', fits: isSwitch },
  account: {
    otherwise: undefined,
    rule: 'must be the 12 digits of an account, in quotes',
    fits: value => isText(value) && /^\d{12}$/.test(value),
  },
  region: {
    otherwise: undefined,
    rule: 'must be a region such as "eu-central-1"',
    fits: value => isText(value) && /^[a-z]{2}(-[a-z]+)+-\d$/.test(value),
  },
};

/** The names of the settings. */
export const STAGE_SETTINGS = Object.keys(SETTINGS) as (keyof StageFile)[];

/**
 * Reads `<folder>/<stage>.json`. Throws a `UserError` that lists the stages if there is no such file, or that names
 * what is wrong in it.
 */
export function readStageFile(stage: string, folder: string): StageFile {
  const file = path.join(folder, `${stage}.json`);
  const stages = stagesIn(folder);
  if (!stages.includes(stage))
    throw new UserError(`Unknown stage ${stage}: ${file} does not exist.`, {
      todo:
        stages.length === 0
          ? 'Create the file: {"contract": "lake.config.ts"} is enough.'
          : `The stages are ${stages.join(', ')}. Name one with -c stage=NAME, or create the file.`,
      exitCode: 2,
    });
  let value: unknown;
  try {
    value = JSON.parse(textOf(file));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError(`${file} is not JSON: ${error.message}.`, {
      todo: 'Correct the file.',
      exitCode: 2,
      cause: error,
    });
  }
  const parsed = parseStage(value, file);
  if (!isFile(path.resolve(packageFile(), parsed.contract)))
    throw wrong(file, `contract is ${JSON.stringify(parsed.contract)}, which does not exist`);
  return parsed;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`Cannot read ${file}: ${(error as Error).message}.`, {
      todo: 'Make it a readable file.',
      exitCode: 2,
      cause: error,
    });
  }
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

function stagesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter(name => name.endsWith('.json'))
      .map(name => name.slice(0, -'.json'.length))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new UserError(`Cannot read the folder of stage files ${folder}: ${(error as Error).message}.`, {
      todo: 'Name a folder with -c stages=FOLDER.',
      exitCode: 2,
      cause: error,
    });
  }
}

/**
 * Checks a stage file's content and fills in the defaults. Throws a `UserError` with exit code 2 that names the file
 * and the setting.
 */
export function parseStage(value: unknown, file: string): StageFile {
  if (!isObject(value)) throw wrong(file, 'it must be an object with the settings of a stage');
  for (const name of Object.keys(value)) {
    if ((STAGE_SETTINGS as readonly string[]).includes(name)) continue;
    const meant = nearest(name, STAGE_SETTINGS);
    throw wrong(
      file,
      `unknown setting "${name}"`,
      meant === undefined ? `The settings are ${STAGE_SETTINGS.join(', ')}.` : `Did you mean ${meant}?`,
    );
  }
  if (value.contract === undefined) throw wrong(file, 'contract is missing', 'Add "contract": "lake.config.ts".');
  for (const [name, { rule, fits }] of Object.entries(SETTINGS))
    if (value[name] !== undefined && !fits(value[name]))
      throw wrong(file, `${name} is ${JSON.stringify(value[name])}; it ${rule}`);
  const defaults = Object.fromEntries(Object.entries(SETTINGS).map(([name, { otherwise }]) => [name, otherwise]));
  // Each member was checked above, or has its default.
  const stage = { ...defaults, ...value } as unknown as StageFile;
  if ((stage.account === undefined) !== (stage.region === undefined))
    throw wrong(file, 'account and region belong together', 'Write both or neither.');
  for (const bucket of Object.keys(stage.backfillKeys))
    if (!stage.backfillSources.includes(bucket))
      throw wrong(file, `backfillKeys has the bucket ${bucket}, which is not in backfillSources`);
  return stage;
}

function wrong(file: string, problem: string, todo = 'Correct it there.'): UserError {
  return new UserError(`${file}: ${problem}.`, { todo, exitCode: 2 });
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isSwitch(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isNumber(value: unknown, from: number, to: number): value is number {
  return typeof value === 'number' && value >= from && value <= to;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOf(value: unknown, fits: (member: string) => boolean): value is string[] {
  return Array.isArray(value) && value.every(member => isText(member) && fits(member));
}

function isBucket(name: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name);
}

function isKeyArn(arn: string): boolean {
  return /^arn:[\w-]+:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/.test(arn);
}
