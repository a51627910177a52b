import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

/** API Gateway's own message, as a JSON string with its quotes. */
const OWN_WORDS = '$context.error.messageString';

interface GatewayError {
  id: string;
  type: ResponseType;
  /** A JSON string, or a variable that API Gateway replaces with one. */
  error: string;
  statusCode?: string;
}

const ERRORS: readonly GatewayError[] = [
  { id: 'Other4xx', type: ResponseType.DEFAULT_4XX, error: OWN_WORDS },
  { id: 'Other5xx', type: ResponseType.DEFAULT_5XX, error: OWN_WORDS },
  { id: 'NoKey', type: ResponseType.INVALID_API_KEY, error: '"send the API key in the header x-api-key"' },
  // API Gateway's answer to an unknown path.
  {
    id: 'NoPath',
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    error: '"the paths are / and /datas/DEVICE"',
    statusCode: '404',
  },
  { id: 'TooOften', type: ResponseType.THROTTLED, error: '"too many requests; wait, and ask less often"' },
  { id: 'TooMany', type: ResponseType.QUOTA_EXCEEDED, error: '"the API key has used up its requests of today"' },
];

/**
 * Errors that API Gateway answers itself, in the format of `hotpath/api.ts`: `{"error": …}`. If one origin is
 * configured, its pages may read them. With several, the browser hides them, because a gateway response cannot choose
 * among origins.
 */
export function answerErrorsAsJson(api: RestApi, origins: readonly string[]): void {
  const [origin, ...others] = origins;
  const cors =
    origin === undefined || others.length > 0
      ? {}
      : { responseHeaders: { 'access-control-allow-origin': `'${origin}'`, vary: "'origin'" } };
  for (const { id, type, error, statusCode } of ERRORS)
    api.addGatewayResponse(id, {
      type,
      templates: { 'application/json': `{"error":${error}}` },
      ...(statusCode === undefined ? {} : { statusCode }),
      ...cors,
    });
}
