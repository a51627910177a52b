import path from 'node:path';
import { hasLink } from '../../s3/links.ts';
import { type Input, invalid, structure, text } from './request-input.ts';
import type { WorkGroup } from './work-groups.ts';

/**
 * Where a query's results go, with a slash at the end: the work group's location where that is enforced, else the query's own,
 * else the work group's. Throws where there is none, or where the query asks for what this Athena does not do.
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

/** The location of a `ResultConfiguration`. Results are plain files here: what would encrypt or give them away is refused by name. */
export function resultConfiguration(configuration: Input): string | undefined {
  const unknown = Object.keys(configuration).find(
    member => member !== 'OutputLocation' && configuration[member] !== undefined,
  );
  if (unknown !== undefined) throw invalid(`Sluice's local Athena does not apply ResultConfiguration.${unknown}.`);
  return configuration.OutputLocation === undefined ? undefined : text(configuration, 'OutputLocation');
}

/** The file of a query's result. Throws where its location is no S3 location. */
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
      `A symbolic link is on the way to ${outputLocation}, and is not followed. Move the folder itself, or choose another location.`,
    );
  return file;
}
