/** What cfn-lint may report, by rule: the cause, and why it stays. A rule without findings must be removed. */
export const EXPLAINED: Record<string, string> = {
  W3005:
    'The CDK makes the users of a role wait for the role and its policies (DependsOn), although a reference to the role already covers the role. Without the policies, a function could start before it has its permissions.',
};
