import { expect, test } from 'vitest';
import {
  commandSettings,
  HANDLER_SETTINGS,
  type HandlerName,
  type HandlerSettings,
  handlerEnvironment,
  handlerSettings,
  quietSdkNotice,
  sdkEndpoint,
} from '../../infra/settings.ts';

test('a function takes its region and what it was told from the environment, and nothing else', () => {
  const env = { AWS_REGION: 'eu-central-1', SLUICE_HOT_TABLE: 'hot', SLUICE_BUCKET: 'lake', OTHER: 'x' };
  expect(handlerSettings('consume', env)).toEqual({ region: 'eu-central-1', hotTable: 'hot' });
});

test('all that a function lacks is reported at once, empty ones too', () => {
  expect(() => handlerSettings('consume', {})).toThrow(': AWS_REGION, SLUICE_HOT_TABLE.');
  expect(() =>
    handlerSettings('report', { AWS_REGION: 'eu-central-1', SLUICE_BUCKET: '', SLUICE_TIMEZONE: 'UTC' }),
  ).toThrow(': SLUICE_BUCKET, SLUICE_DATABASE, SLUICE_WORK_GROUP, SLUICE_RESULTS_LOCATION.');
});

test('an API without other origins is told so by an empty text, but is told', () => {
  const env = { AWS_REGION: 'eu-central-1', SLUICE_HOT_TABLE: 'hot' };
  expect(() => handlerSettings('api', env)).toThrow(': SLUICE_CORS_ORIGINS.');
  expect(handlerSettings('api', { ...env, SLUICE_CORS_ORIGINS: '' })).toMatchObject({ corsOrigins: '' });
});

test.each(Object.keys(HANDLER_SETTINGS) as HandlerName[])('%s reads what its stack was given', handler => {
  const settings = Object.fromEntries(HANDLER_SETTINGS[handler].map(name => [name, `the ${name}`]));
  const env = handlerEnvironment(handler, settings as HandlerSettings<typeof handler>);
  expect(handlerSettings(handler, { ...env, AWS_REGION: 'eu-west-1' })).toEqual({ ...settings, region: 'eu-west-1' });
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
