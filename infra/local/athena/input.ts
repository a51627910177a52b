/** Members of a request, checked where they are read. */
import { ServiceError } from '../json-service.ts';

export type Input = Record<string, unknown>;

/** A request that Athena refuses as invalid. */
export function invalid(message: string): ServiceError {
  return new ServiceError('InvalidRequestException', message, { members: { AthenaErrorCode: 'INVALID_INPUT' } });
}

/** A member that must be a text with something in it. */
export function text(input: Input, member: string): string {
  const value = input[member];
  if (typeof value !== 'string' || value.trim() === '') throw invalid(`${member} is missing or empty`);
  return value;
}

/** A member that may be a list of texts; absent is empty. */
export function texts(input: Input, member: string): string[] {
  const value = input[member] ?? [];
  if (!Array.isArray(value) || value.some(each => typeof each !== 'string'))
    throw invalid(`${member} must be a list of strings`);
  return value;
}

/** A member that may be a whole number from 1 to `max`, which it is where it is absent. */
export function count(input: Input, member: string, max: number): number {
  const value = input[member] ?? max;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > max)
    throw invalid(`${member} must be a whole number from 1 to ${max}`);
  return value;
}
