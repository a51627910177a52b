/** Failures of AWS that are not bugs in Sluice, as errors that the user can fix. */
import { UserError } from '../contract/user-error.ts';

interface Failure {
  /** Matches the error's name, code or message. */
  pattern: RegExp;
  message: (error: Error) => string;
  todo: string;
}

const FAILURES: Failure[] = [
  {
    pattern: /^Region is missing/,
    message: () => 'No AWS region is set.',
    todo: 'Set AWS_REGION, or the region of your AWS_PROFILE, to the region in which Sluice is deployed.',
  },
  {
    pattern: /^(CredentialsProviderError|TokenProviderError)$/,
    message: ({ message }) => `No AWS credentials were found: ${message}`,
    todo: 'Sign in as for the AWS CLI (aws sso login, aws configure), or set AWS_PROFILE.',
  },
  {
    pattern: /^(ExpiredToken|ExpiredTokenException|RequestExpired)$/,
    message: () => 'The AWS credentials have expired.',
    todo: 'Sign in again, for example: aws sso login',
  },
  {
    pattern:
      /^(UnrecognizedClientException|InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|AuthFailure)$/,
    message: ({ message }) => `AWS rejected the credentials: ${message}`,
    todo: 'Check AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: aws sts get-caller-identity',
  },
  {
    pattern:
      /^(AccessDenied|AccessDeniedException|Forbidden|403|UnauthorizedException|ForbiddenException|NotAuthorized)$/,
    message: ({ message }) => `AWS denied access: ${message}`,
    todo: 'Ask for the permissions that docs/aws.md lists for the command, or use other credentials with AWS_PROFILE.',
  },
  {
    pattern: /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|TimeoutError)$/,
    message: ({ message }) => `Cannot reach AWS: ${message}`,
    todo: 'Check the network, AWS_REGION, and AWS_ENDPOINT_URL if it is set.',
  },
  {
    pattern: /^(ThrottlingException|Throttling|TooManyRequestsException|SlowDown|RequestLimitExceeded)$/,
    message: ({ message }) => `AWS refused too many requests: ${message}`,
    todo: 'Try again in a minute.',
  },
];

/** The error as a `UserError` if AWS or the network caused it; otherwise the error itself. */
export function awsFailure(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  const failure = FAILURES.find(({ pattern }) =>
    [error.name, String(code), error.message].some(text => pattern.test(text)),
  );
  if (failure === undefined) return error;
  return new UserError(failure.message(error), { todo: failure.todo, cause: error });
}
