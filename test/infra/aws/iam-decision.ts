/**
 * Whether the policies of one identity allow a request: the part of IAM's evaluation that the deployer's policies use.
 */
import type { PolicyDocument } from '../../../infra/aws/deployer-policy.ts';

export interface Request {
  action: string;
  resource: string;
  /** Condition keys; an absent key is not in the request. */
  context: Record<string, string>;
}

/** Allowed by a statement of a policy; these policies have no deny statements. */
export function decide(policies: readonly PolicyDocument[], { action, resource, context }: Request): boolean {
  return policies.some(({ Statement }) =>
    Statement.some(
      statement =>
        statement.Action.some(pattern => like(pattern.toLowerCase(), action.toLowerCase())) &&
        statement.Resource.some(pattern => like(pattern, resource)) &&
        Object.entries(statement.Condition ?? {}).every(([operator, keys]) => holds(operator, keys, context)),
    ),
  );
}

function holds(operator: string, keys: Record<string, string | string[]>, context: Record<string, string>): boolean {
  // A multi-valued key has one of its values here.
  if (operator.startsWith('ForAnyValue:')) return holds(operator.slice('ForAnyValue:'.length), keys, context);
  const ifExists = operator.endsWith('IfExists');
  const compare = ifExists ? operator.slice(0, -'IfExists'.length) : operator;
  return Object.entries(keys).every(([key, wanted]) => {
    const value = context[key];
    if (value === undefined) return ifExists;
    const patterns = [wanted].flat();
    if (compare === 'StringEquals') return patterns.includes(value);
    if (compare === 'StringLike' || compare === 'ArnLike') return patterns.some(pattern => like(pattern, value));
    throw new Error(`no operator ${operator} here`);
  });
}

/** IAM's wildcards: `*` for any characters, `?` for one. */
function like(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[\\^$.+()[\]{}|]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}
