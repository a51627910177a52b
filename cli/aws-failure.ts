/** What AWS answers where nothing is wrong with Sluice, as errors that the user can mend. */
import { UserError } from '../contract/user-error.ts';

interface Failure {
  /** The error's name or code, or its message. */
  says: RegExp;
  message: (error: Error) => string;
  todo: string;
}

const FAILURES: Failure[] = [
  {
    says: /^Region is missing/,
    message: () => 'No AWS region is set.',
    todo: 'Set AWS_REGION, or the region of the profile that AWS_PROFILE names, to where Sluice is deployed.',
  },
  {
    says: /^(CredentialsProviderError|TokenProviderError)$/,
    message: ({ message }) => `There are no AWS credentials: ${message}`,
    todo: 'Sign in as for the AWS CLI (aws sso login, aws configure), or set AWS_PROFILE.',
  },
  {
    says: /^(ExpiredToken|ExpiredTokenException|RequestExpired)$/,
    message: () => 'The AWS credentials have expired.',
    todo: 'Sign in again, for instance with: aws sso login',
  },
  {
    says: /^(UnrecognizedClientException|InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|AuthFailure)$/,
    message: ({ message }) => `AWS does not accept the credentials: ${message}`,
    todo: 'Look at AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: aws sts get-caller-identity',
  },
  {
    says: /^(AccessDenied|AccessDeniedException|Forbidden|403|UnauthorizedException|ForbiddenException|NotAuthorized)$/,
    message: ({ message }) => `AWS denies this: ${message}`,
    todo: 'Ask for the rights that docs/aws.md lists for the command, or choose other credentials with AWS_PROFILE.',
  },
  {
    says: /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|TimeoutError)$/,
    message: ({ message }) => `AWS could not be reached: ${message}`,
    todo: 'Look at the network, at AWS_REGION, and at AWS_ENDPOINT_URL if it is set.',
  },
  {
    says: /^(ThrottlingException|Throttling|TooManyRequestsException|SlowDown|RequestLimitExceeded)$/,
    message: ({ message }) => `AWS had too many requests: ${message}`,
    todo: 'Try again in a minute.',
  },
];

/** The error as a `UserError`, where it is AWS's or the network's and not Sluice's; else the error itself. */
export function awsFailure(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  const failure = FAILURES.find(({ says }) => [error.name, String(code), error.message].some(text => says.test(text)));
  if (failure === undefined) return error;
  return new UserError(failure.message(error), { todo: failure.todo, cause: error });
}
