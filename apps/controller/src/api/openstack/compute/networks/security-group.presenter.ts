/** Every project has the group `default`, and so far no other: it lets everything pass, so it has no rules. */
export const DEFAULT_GROUP = { id: 1, name: 'default' } as const;

export const presentGroup = (name: string, projectId: string): unknown => ({
  id: DEFAULT_GROUP.id,
  name,
  description: name,
  tenant_id: projectId,
  rules: [],
});
