/** The program that the CDK runs (`app` in cdk.json): the stacks of one deployment, from its context. */
import { App } from 'aws-cdk-lib';
import { UserError } from '../../contract/user-error.ts';
import { readDeployment } from './deployment.ts';
import { addStacks } from './stacks.ts';

const app = new App();
try {
  addStacks(app, await readDeployment(app.node.getAllContext()));
  app.synth();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  const { message, todo, exitCode } = error;
  process.stderr.write(`${todo === undefined ? message : `${message} ${todo}`}\n`);
  process.exitCode = exitCode;
}
