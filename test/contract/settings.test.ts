import { expect, test } from 'vitest';
import { commandSettings, handlerSettings, quietSdkNotice, sdkEndpoint } from '../../contract/settings.ts';

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

test("the command's defaults are .sluice, no config and the stage main, and an empty variable is none", () => {
  const defaults = { data: '.sluice', config: undefined, stage: 'main' };
  expect(commandSettings({})).toEqual(defaults);
  expect(commandSettings({ SLUICE_DATA: '', SLUICE_CONFIG: '', SLUICE_STAGE: '' })).toEqual(defaults);
  expect(commandSettings({ SLUICE_DATA: 'lake', SLUICE_CONFIG: 'a.ts', SLUICE_STAGE: 'dev' })).toEqual({
    ...{ data: 'lake', config: 'a.ts', stage: 'dev' },
  });
});

test("the SDK's endpoint is the service's own variable, else that of all, unless both are to be ignored", () => {
  const env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:2' };
  expect(sdkEndpoint('SSM', {})).toBeUndefined();
  expect(sdkEndpoint('SSM', env)).toBe('http://127.0.0.1:1');
  expect(sdkEndpoint('S3', env)).toBe('http://127.0.0.1:2');
  expect(sdkEndpoint('S3', { ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' })).toBeUndefined();
});

test("the SDK's notice about Node versions is off, unless the user has decided", () => {
  const env: Record<string, string | undefined> = {};
  quietSdkNotice(env);
  expect(env).toEqual({ AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' });
  const decided = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'false' };
  quietSdkNotice(decided);
  expect(decided).toEqual({ AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'false' });
});
