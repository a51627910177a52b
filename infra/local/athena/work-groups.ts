/** The work groups: `sluice`, which the deployed stack has too, and `primary`, which every account has. */
import { LOCAL_NAMES } from '../../../contract/lake.ts';
import type { JsonService } from '../json-service.ts';
import { type Input, invalid, text } from './input.ts';

const WORK_GROUPS = [LOCAL_NAMES.workGroup, 'primary'];

/** The work group that a request names, `primary` where it names none. */
export function workGroupName(input: Input): string {
  const name = input.WorkGroup === undefined ? 'primary' : text(input, 'WorkGroup');
  if (!WORK_GROUPS.includes(name)) throw invalid(`WorkGroup ${name} is not found.`);
  return name;
}

/** GetWorkGroup and ListWorkGroups. */
export function workGroupOperations(outputLocation: string): JsonService['operations'] {
  const EngineVersion = { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: 'Athena engine version 3' };
  return {
    GetWorkGroup: async (input: Input) => ({
      WorkGroup: {
        Name: workGroupName(input),
        State: 'ENABLED',
        Configuration: {
          ResultConfiguration: { OutputLocation: outputLocation },
          EnforceWorkGroupConfiguration: false,
          PublishCloudWatchMetricsEnabled: false,
          RequesterPaysEnabled: false,
          EngineVersion,
        },
      },
    }),
    ListWorkGroups: async () => ({ WorkGroups: WORK_GROUPS.map(Name => ({ Name, State: 'ENABLED', EngineVersion })) }),
  };
}
