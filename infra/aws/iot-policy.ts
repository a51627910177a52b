/**
 * What a device may do on AWS IoT Core. The local broker (infra/local/broker/policy.ts) decides alike: a device is the thing
 * that its certificate is attached to, has that thing's name as its client id, and sends and hears on its own topic alone.
 */
import type { Contract } from '../../contract/contract.ts';

/** An AWS IoT policy document. */
export interface IotPolicy {
  Version: '2012-10-17';
  Statement: IotStatement[];
}

export interface IotStatement {
  Effect: 'Allow';
  Action: string;
  Resource: string;
  Condition?: { Bool: Record<string, string> };
}

/** Not `${iot:ClientId}`, which is what a device says of itself. */
const THING = `\${iot:Connection.Thing.ThingName}`;

/**
 * The policy of every device's certificate. `arn` gives the ARN of an AWS IoT resource of the account, such as `topic/data/x`.
 * The bytes of a topic are the contract's, with the thing's name as the level `{deviceid}`: also where the id is read from a
 * field of the message. Retained messages and anything else are denied, since nothing allows them.
 */
export function devicePolicy(contract: Contract, arn: (resource: string) => string): IotPolicy {
  const topic = contract.topic.replace('{deviceid}', THING);
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'iot:Connect',
        Resource: arn(`client/${THING}`),
        Condition: { Bool: { 'iot:Connection.Thing.IsAttached': 'true' } },
      },
      { Effect: 'Allow', Action: 'iot:Publish', Resource: arn(`topic/${topic}`) },
      { Effect: 'Allow', Action: 'iot:Subscribe', Resource: arn(`topicfilter/${topic}`) },
      { Effect: 'Allow', Action: 'iot:Receive', Resource: arn(`topic/${topic}`) },
    ],
  };
}

/**
 * The fleet provisioning template's body (AWS IoT Developer Guide, "Provisioning templates"): it makes the thing `ThingName`,
 * activates the certificate that the device asked for, and attaches both to each other and to the policy.
 */
export function provisioningTemplate(policyName: string): object {
  return {
    Parameters: { ThingName: { Type: 'String' }, 'AWS::IoT::Certificate::Id': { Type: 'String' } },
    Resources: {
      thing: {
        Type: 'AWS::IoT::Thing',
        Properties: { ThingName: { Ref: 'ThingName' } },
        OverrideSettings: { AttributePayload: 'MERGE', ThingTypeName: 'DO_NOTHING', ThingGroups: 'DO_NOTHING' },
      },
      certificate: {
        Type: 'AWS::IoT::Certificate',
        Properties: { CertificateId: { Ref: 'AWS::IoT::Certificate::Id' }, Status: 'Active' },
      },
      policy: { Type: 'AWS::IoT::Policy', Properties: { PolicyName: policyName } },
    },
  };
}
