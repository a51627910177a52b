import { expect, test } from 'vitest';
import { commandSettings, handlerSettings, quietSdkNotice } from '../../contract/settings.ts';

test('a function takes its region and its table from the environment', () => {
  const env = { AWS_REGION: 'eu-central-1', SLUICE_HOT_TABLE: 'hot', OTHER: 'x' };
  expect(handlerSettings(env)).toEqual({ region: 'eu-central-1', hotTable: 'hot' });
});

test('all that a function lacks is reported at once, empty ones too', () => {
  expect(() => handlerSettings({})).toThrow('The environment lacks AWS_REGION, SLUICE_HOT_TABLE.');
  expect(() => handlerSettings({ AWS_REGION: 'eu-central-1', SLUICE_HOT_TABLE: '' })).toThrow(
    'lacks SLUICE_HOT_TABLE.',
  );
});

test("the command's defaults are .sluice and no config, and an empty variable is none", () => {
  expect(commandSettings({})).toEqual({ data: '.sluice', config: undefined });
  expect(commandSettings({ SLUICE_DATA: '', SLUICE_CONFIG: '' })).toEqual({ data: '.sluice', config: undefined });
  expect(commandSettings({ SLUICE_DATA: 'lake', SLUICE_CONFIG: 'a.ts' })).toEqual({ data: 'lake', config: 'a.ts' });
});

test("the SDK's notice about Node versions is off, unless the user has decided", () => {
  const env: Record<string, string | undefined> = {};
  quietSdkNotice(env);
  expect(env).toEqual({ AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' });
  const decided = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'false' };
  quietSdkNotice(decided);
  expect(decided).toEqual({ AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'false' });
});
