import { request as httpRequest } from 'node:http';
import { onTestFinished } from 'vitest';
import { listen } from '../../../../infra/emulator/services/endpoint.ts';

/** S3 at an endpoint, with a bucket in another region: requests that are signed for the wrong region are redirected. */
export async function sendingOn(endpoint: string, name: string, region: string) {
  let sentOn = 0;
  const { host, hostname, port } = new URL(endpoint);
  const { url, close } = await listen((incoming, response) => {
    const { url: path = '', method, headers } = incoming;
    if (path.startsWith(`/${name}/`) && !headers.authorization?.includes(`/${region}/s3/`)) {
      sentOn++;
      response.writeHead(301, { 'x-amz-bucket-region': region });
      response.end('<Error><Code>PermanentRedirect</Code></Error>');
      return;
    }
    const forward = { hostname, port, path, method, headers: { ...headers, host } };
    incoming.pipe(
      httpRequest(forward, answer => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      }),
    );
  }, 0);
  onTestFinished(close);
  return { url, sentOn: () => sentOn };
}
