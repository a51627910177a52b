import type { JsonService, ServiceError } from './json-service.ts';

/**
 * What an operation heeds of a request, by member: `true` is heeded, or kept and given back as it is; a list has the values that
 * mean nothing else here; a structure, or each of a list of structures, is looked into.
 */
export type Supported = { readonly [member: string]: true | readonly string[] | Supported };

type Operations = JsonService['operations'];
type Members = Record<string, unknown>;

/**
 * The operations, each refusing the members of a request that it would pass over: a client must not be told that something was
 * done which was not. What asks for nothing (null, false, an empty text, list or structure) is no such member. `refuse` makes
 * the service's own error. Throws for an operation of which it is not said what it heeds.
 */
export function supportOnly(
  operations: Operations,
  heeded: Readonly<Record<string, Supported>>,
  refuse: (message: string) => ServiceError,
): Operations {
  return Object.fromEntries(
    Object.entries(operations).map(([operation, run]) => {
      const members = heeded[operation];
      if (members === undefined) throw new Error(`${operation} does not say which members it heeds`);
      const heeding = async (input: never) => {
        const passedOver = firstPassedOver(input, members, '');
        if (passedOver !== undefined) throw refuse(`${operation} with ${passedOver} is not supported locally.`);
        return run(input);
      };
      return [operation, heeding];
    }),
  );
}

/** The path of a member that is not heeded, with its value where another one would be. */
function firstPassedOver(structure: Members, heeded: Supported, at: string): string | undefined {
  for (const [member, value] of Object.entries(structure)) {
    if (asksNothing(value)) continue;
    const rule = Object.hasOwn(heeded, member) ? heeded[member] : undefined;
    if (rule === true) continue;
    if (rule === undefined) return `${at}${member}`;
    if (Array.isArray(rule)) {
      if (!rule.includes(value)) return `${at}${member} ${String(value).slice(0, 64)}`;
      continue;
    }
    for (const each of Array.isArray(value) ? value : [value]) {
      // What is no structure is told by whoever reads it. JSON objects have members of any kind.
      if (typeof each !== 'object' || each === null || Array.isArray(each)) continue;
      const found = firstPassedOver(each as Members, rule as Supported, `${at}${member}.`);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function asksNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
