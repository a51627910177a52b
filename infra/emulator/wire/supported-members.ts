import type { JsonService, ServiceError } from './json-service.ts';

/**
 * The request members that an operation supports. `true`: the member takes effect, or is stored and returned unchanged.
 * A list: only these values are accepted, because they change nothing here. An object: the rules for a structure or for
 * each structure in a list.
 */
export type Supported = { readonly [member: string]: true | readonly string[] | Supported };

type Operations = JsonService['operations'];
type Members = Record<string, unknown>;

/**
 * Wraps the operations so that each refuses request members that it would ignore: a client must not believe that
 * something was done that was not. Empty members (null, false, an empty string, list or structure) are accepted.
 * `refuse` makes the service's own error. Throws for an operation that has no entry in `heeded`.
 */
export function supportOnly(
  operations: Operations,
  heeded: Readonly<Record<string, Supported>>,
  refuse: (message: string) => ServiceError,
): Operations {
  return Object.fromEntries(
    Object.entries(operations).map(([operation, run]) => {
      const members = heeded[operation];
      if (members === undefined) throw new Error(`${operation} does not declare its supported members`);
      const heeding = async (input: never) => {
        const passedOver = firstPassedOver(input, members, '');
        if (passedOver !== undefined) throw refuse(`${operation} with ${passedOver} is not supported locally.`);
        return run(input);
      };
      return [operation, heeding];
    }),
  );
}

/** The path of the first unsupported member, with its value if only the value is unsupported. */
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
      // The operation that reads the member reports a value that is not a structure.
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
