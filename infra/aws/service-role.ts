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
  /** The service that assumes the role, such as `iot.amazonaws.com`. */
  service: string;
  /** The resource that the service acts for: its ARN, or a pattern of ARNs. */
  sourceArn: string;
  description: string;
  statements: PolicyStatement[];
  /**
   * Whether the service always sends the resource that it acts for. If that is not documented, as for Lambda execution
   * roles, the condition applies only if it is sent; the role cannot be passed from another account anyway. Default
   * true.
   */
  sourceAlwaysKnown?: boolean;
  /**
   * Whether the service may send its customer's account as the external id, as Firehose does (CloudWatch Logs User
   * Guide, "Create a Firehose delivery stream"); its own guide mentions neither that nor a source. With
   * `sourceAlwaysKnown: false`, it is checked only if it is sent. Default false.
   */
  accountIsExternalId?: boolean;
}

/**
 * A role that a service assumes for one resource of this account only (against the confused deputy problem), with a
 * managed policy of exactly these statements: constructs cannot add their own, wider ones. CloudFormation creates the
 * policy before the role, so whatever waits for the role also waits for its permissions.
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
