/** AWS STS in the one operation by which clients ask which account they work in. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { LOCAL_ACCOUNT } from '../glue/glue.ts';
import { readBody, ServiceError } from '../wire/json-service.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

const MAX_REQUEST_BYTES = 64 * 1024;

/** Answers a request of the AWS STS API (version 2011-06-15, Query protocol): GetCallerIdentity; all else is refused by name. */
export async function answerSts(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const action = new URLSearchParams((await readBody(request, MAX_REQUEST_BYTES)).toString('utf8')).get('Action');
    if (action !== 'GetCallerIdentity')
      throw new ServiceError(
        'InvalidAction',
        `Sluice's local STS has no ${action?.replace(/\W/g, '?') ?? 'such action'}.`,
      );
    const identity = `<Arn>arn:aws:iam::${LOCAL_ACCOUNT}:user/local</Arn><UserId>local</UserId><Account>${LOCAL_ACCOUNT}</Account>`;
    send(response, 200, 'GetCallerIdentityResponse', `<GetCallerIdentityResult>${identity}</GetCallerIdentityResult>`);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const detail = `<Type>Sender</Type><Code>${error.code}</Code><Message>${error.message}</Message>`;
    send(response, error.status, 'ErrorResponse', `<Error>${detail}</Error>`);
  }
}

function send(response: ServerResponse, status: number, element: string, content: string): void {
  response.writeHead(status, { 'content-type': 'text/xml' });
  response.end(`<${element} xmlns="${NAMESPACE}">${content}</${element}>`);
}
