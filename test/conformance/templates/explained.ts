/** What cfn-lint may find, by its rule: whose doing it is, and why it stays. A rule that finds nothing any more has to go. */
export const EXPLAINED: Record<string, string> = {
  W3005:
    'The CDK lets what uses a role wait for the role and its policies (DependsOn), though a reference to the role says half of it already. Without the policies a function could start before it may do anything.',
};
