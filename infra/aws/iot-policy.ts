/**
 * What a device may do on AWS IoT Core. The local broker (infra/local/broker/policy.ts) decides the same way: a device
 * is the thing that its certificate is attached to, uses that thing's name as its client id, and publishes and
 * subscribes only on its own topic.
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

/** Not `${iot:ClientId}`, which the device chooses itself. */
const THING = `\${iot:Connection.Thing.ThingName}`;

/**
 * The policy of every device's certificate. `arn` returns the ARN of an AWS IoT resource of the account, such as
 * `topic/data/x`. The topic is the contract's, with the thing's name as the level `{deviceid}`, even if the id is read
 * from a field of the message. Retained messages and everything else are denied, because nothing allows them.
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
 * The body of the fleet provisioning template (AWS IoT Developer Guide, "Provisioning templates"): it creates the thing
 * `ThingName`, activates the certificate that the device requested, and attaches them to each other and to the policy.
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
