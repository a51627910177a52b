import path from 'node:path';
import { hasLink } from '../../s3/links.ts';
import { type Input, invalid, structure, text } from './request-input.ts';
import type { WorkGroup } from './work-groups.ts';

/**
 * The location of a query's results, with a trailing slash: the work group's if it is enforced, otherwise the query's
 * own, otherwise the work group's. Throws if there is none, or if the query's configuration is not supported.
 */
export function outputLocationOf(input: Input, workGroup: WorkGroup): string {
  const given = resultConfiguration(structure(input, 'ResultConfiguration'));
  const own = workGroup.outputLocation;
  const location = workGroup.isEnforced ? (own ?? given) : (given ?? own);
  if (location === undefined)
    throw invalid(
      'No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.',
    );
  return location.replace(/\/?$/, '/');
}

/** The location in a `ResultConfiguration`. Refuses encryption and ownership settings: results are plain files. */
export function resultConfiguration(configuration: Input): string | undefined {
  const unknown = Object.keys(configuration).find(
    member => member !== 'OutputLocation' && configuration[member] !== undefined,
  );
  if (unknown !== undefined) throw invalid(`Sluice's local Athena does not support ResultConfiguration.${unknown}.`);
  return configuration.OutputLocation === undefined ? undefined : text(configuration, 'OutputLocation');
}

/** The file of a query's result. Throws if its location is not a valid S3 location. */
export function resultFile(outputLocation: string, s3Root: string): string {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+)$/.exec(outputLocation);
  const [, bucket = '', key = ''] = match ?? [];
  if (
    match === null ||
    bucket.includes('..') ||
    key.split('/').some(part => part === '..' || part === '.' || part.includes('\0'))
  )
    throw invalid(`The S3 location provided to save your query results is invalid: ${outputLocation}`);
  const file = path.join(s3Root, bucket, key);
  if (hasLink(s3Root, file))
    throw invalid(
      `The path to ${outputLocation} contains a symbolic link, which is not followed. Move the folder itself, or choose another location.`,
    );
  return file;
}
