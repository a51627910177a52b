/** The program that the CDK runs (`app` in cdk.json): the stacks of one deployment, from its context. */
import { App } from 'aws-cdk-lib';
import { readDeployment } from './deployment.ts';
import { addStacks } from './stacks.ts';

const app = new App();
addStacks(app, await readDeployment(app.node.getAllContext()));
app.synth();
