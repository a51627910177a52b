import type { IncomingMessage, ServerResponse } from 'node:http';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { parseTarget } from '../wire/request-target.ts';
import { type Endpoint, listen } from './endpoint.ts';

export type ApiHandler = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

/** A resource of a REST API, as API Gateway writes it: `/datas/{deviceid}`. */
export type Resource = string;

/** Serves the handler of a REST API as API Gateway does: v1 proxy events (the path encoded, the query decoded), 403 for what is no resource, 502 where it throws. */
export function startApi(options: {
  port: number;
  resources: readonly Resource[];
  handler: ApiHandler;
  /** Pages of this server beside the API, by path. */
  pages?: Record<string, () => Promise<APIGatewayProxyResult>>;
  log: (line: string) => void;
}): Promise<Endpoint> {
  const { pages = {} } = options;
  return listen(async (request, response) => {
    const { path } = parseTarget(request.url);
    const page = request.method === 'GET' && Object.hasOwn(pages, path) ? pages[path] : undefined;
    if (page !== undefined) return send(response, await answer(options, page));
    const event = proxyEvent(request, options.resources);
    if (event === undefined)
      return send(response, { statusCode: 403, body: '{"message":"Missing Authentication Token"}' });
    send(response, await answer(options, () => options.handler(JSON.parse(JSON.stringify(event)))));
  }, options.port);
}

async function answer(
  { log }: { log: (line: string) => void },
  handle: () => Promise<APIGatewayProxyResult>,
): Promise<APIGatewayProxyResult> {
  try {
    return await handle();
  } catch (error) {
    log(`the API's handler failed: ${error instanceof Error ? error.message : String(error)}`);
    return { statusCode: 502, body: '{"message": "Internal server error"}' };
  }
}

type LocalEvent = Pick<
  APIGatewayProxyEvent,
  | 'resource'
  | 'path'
  | 'httpMethod'
  | 'headers'
  | 'pathParameters'
  | 'queryStringParameters'
  | 'body'
  | 'isBase64Encoded'
>;

function proxyEvent(request: IncomingMessage, resources: readonly Resource[]): APIGatewayProxyEvent | undefined {
  const { path, query: parameters } = parseTarget(request.url);
  if (request.method !== 'GET') return undefined;
  for (const resource of resources) {
    const pathParameters = matchResource(resource, path);
    if (pathParameters === undefined) continue;
    const query = Object.fromEntries(parameters);
    const event: LocalEvent = {
      resource,
      path,
      httpMethod: request.method,
      headers: eventHeaders(request),
      pathParameters: Object.keys(pathParameters).length === 0 ? null : pathParameters,
      queryStringParameters: Object.keys(query).length === 0 ? null : query,
      body: null,
      isBase64Encoded: false,
    };
    // The members above are those that a handler of ours may read; the rest describe a request that only AWS has.
    return event as APIGatewayProxyEvent;
  }
  return undefined;
}

/** Without the pseudo-headers of HTTP/2, which API Gateway does not pass on. */
function eventHeaders({ headers }: IncomingMessage): Record<string, string> {
  const named = Object.entries(headers).filter(([name]) => !name.startsWith(':'));
  return Object.fromEntries(named.map(([name, value]) => [name, String(value)]));
}

function matchResource(resource: Resource, path: string): Record<string, string> | undefined {
  const wanted = resource.split('/');
  const levels = path.split('/');
  if (wanted.length !== levels.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, level] of wanted.entries()) {
    const value = levels[index] ?? '';
    if (level.startsWith('{')) parameters[level.slice(1, -1)] = value;
    else if (level !== value) return undefined;
  }
  return parameters;
}

function send(response: ServerResponse, { statusCode, headers, body }: APIGatewayProxyResult): void {
  response.writeHead(statusCode, { 'content-type': 'application/json', ...headers } as Record<string, string>);
  response.end(body);
}
