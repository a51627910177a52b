import { DescribeEndpointCommand, IoTClient } from '@aws-sdk/client-iot';
import { UserError } from '../../../contract/user-error.ts';
import { listDevices } from '../../../device/provision.ts';
import { provisionThing, readThing } from '../../../device/thing.ts';
import { awsFailure } from '../../aws-failure.ts';
import { type Deployed, findDeployment, type StageOptions } from '../../find-deployment.ts';
import type { Broker, DeviceTarget } from './device-target.ts';

/** The most unacknowledged messages on one connection ("AWS IoT Core message broker limits"). */
const MAX_IN_FLIGHT = 100;
const MQTT_PORT = 8883;

/** The devices of a deployed stage, whose files are in `folder`, and the account's device gateway. */
export function deployedTarget(folder: string, options: StageOptions): DeviceTarget {
  let found: Promise<Deployed> | undefined;
  const deployed = () => {
    found ??= findDeployment(options);
    return found;
  };
  return {
    name: 'on AWS',
    async provision(id) {
      const { aws, deployment } = await deployed();
      const iot = new IoTClient(aws);
      try {
        return await provisionThing({ iot, policy: deployment.devicePolicy, folder }, id);
      } catch (error) {
        throw awsFailure(error);
      } finally {
        iot.destroy();
      }
    },
    async identity(id) {
      const identity = await readThing(folder, id);
      if (identity !== undefined) return identity;
      const { deployment } = await deployed();
      throw new UserError(`${id} has no certificate for stage ${deployment.stage} on this machine.`, {
        todo: `Make one: sluice device add ${id} --aws --stage ${deployment.stage}`,
      });
    },
    list: () => listDevices(folder),
    broker: async () => findGateway(await deployed()),
    todo: {
      start: 'Deploy the stage first: docs/aws.md',
      connect:
        'Check that the certificate is active with the policy of the stage, and that this machine can reach port 8883. See docs/aws.md',
      refused: 'The topic comes from the contract: use the --config that the stage was deployed with.',
    },
    moves: false,
    maxInFlight: MAX_IN_FLIGHT,
  };
}

async function findGateway({ aws, deployment }: Deployed): Promise<Broker> {
  const [host = '', port = MQTT_PORT] = (deployment.iotEndpoint ?? (await askGateway(aws))).split(':');
  return { url: `mqtts://${host}:${port}`, host, port: Number(port) };
}

async function askGateway(aws: Deployed['aws']): Promise<string> {
  const iot = new IoTClient(aws);
  try {
    const { endpointAddress = '' } = await iot.send(new DescribeEndpointCommand({ endpointType: 'iot:Data-ATS' }));
    return endpointAddress;
  } catch (error) {
    throw awsFailure(error);
  } finally {
    iot.destroy();
  }
}
