import { Aws } from 'aws-cdk-lib';
import {
  type Conditions,
  type IRole,
  ManagedPolicy,
  type PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface ServiceRoleProps {
  /** The service that takes the role, such as `iot.amazonaws.com`. */
  service: string;
  /** Which resource the service acts for: its ARN, or a pattern of ARNs. */
  sourceArn: string;
  description: string;
  statements: PolicyStatement[];
  /**
   * Whether the service always says for whom it acts. Where it documents no such thing, as Lambda for execution roles, the
   * condition holds if it does say so; and the role cannot be passed from another account anyway. Default true.
   */
  sourceAlwaysKnown?: boolean;
  /**
   * Whether the service may give its customer's account as the external id, as Firehose does (CloudWatch Logs User Guide,
   * "Create a Firehose delivery stream"); its own guide has neither that nor a source. With `sourceAlwaysKnown: false` it is
   * asked for only where it is sent. Default false.
   */
  accountIsExternalId?: boolean;
}

/**
 * A role that a service takes for one resource of this account and for no one else's (the confused deputy), with a managed
 * policy of exactly these statements: constructs that would add their own, wider ones are not let to. CloudFormation makes the
 * policy before the role, so that whoever waits for the role waits for its rights.
 */
export class ServiceRole extends Construct {
  readonly role: IRole;
  readonly #policy: ManagedPolicy;

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    const { service, sourceArn, description, statements } = props;
    const { sourceAlwaysKnown = true, accountIsExternalId = false } = props;
    const suffix = sourceAlwaysKnown ? '' : 'IfExists';
    const conditions: Conditions = {
      [`StringEquals${suffix}`]: {
        'aws:SourceAccount': Aws.ACCOUNT_ID,
        ...(accountIsExternalId ? { 'sts:ExternalId': Aws.ACCOUNT_ID } : {}),
      },
      [`ArnLike${suffix}`]: { 'aws:SourceArn': sourceArn },
    };
    this.#policy = new ManagedPolicy(this, 'Policy', { description, statements });
    const role = new Role(this, 'Role', {
      description,
      assumedBy: new ServicePrincipal(service, { conditions }),
      managedPolicies: [this.#policy],
    });
    this.role = role.withoutPolicyUpdates();
  }

  /** Adds statements to the policy. */
  allow(...statements: PolicyStatement[]): void {
    this.#policy.addStatements(...statements);
  }
}
