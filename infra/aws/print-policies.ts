/**
 * Writes the policies for deploying a stage: `npx jiti infra/aws/print-policies.ts ACCOUNT REGION [STAGE] [FOLDER]`.
 * The files are `deployer.json`, `operator.json`, and `execution-*.json` for `cdk bootstrap
 * --cloudformation-execution-policies`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../contract/user-error.ts';
import {
  checkTarget,
  deployerPolicy,
  executionPolicies,
  operatorPolicy,
  type PolicyDocument,
} from './deployer-policy.ts';
import { DEFAULT_STAGE } from './published-deployment.ts';

function printPolicies([account, region, stage = DEFAULT_STAGE, folder = 'policies']: string[]): string[] {
  const target = checkTarget({ account: account ?? '', region: region ?? '', stage });
  const documents: Record<string, PolicyDocument> = {
    deployer: deployerPolicy(target),
    operator: operatorPolicy(target),
  };
  for (const [name, document] of Object.entries(executionPolicies(target))) documents[`execution-${name}`] = document;
  mkdirSync(folder, { recursive: true });
  return Object.entries(documents).map(([name, document]) => {
    const file = path.join(folder, `${name}.json`);
    // IAM does not count white space, and indented files are easier to review.
    writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
    return file;
  });
}

try {
  process.stdout.write(`${printPolicies(process.argv.slice(2)).join('\n')}\n`);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(
    `${error.message}\nExample: npx jiti infra/aws/print-policies.ts 123456789012 eu-central-1 main\n`,
  );
  process.exitCode = error.exitCode;
}
