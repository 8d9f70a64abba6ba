import type { ComputeRequest } from '../shared/compute-request';

/** Whose networks are there for a caller, besides those that are everybody's; null: every project's. */
export const visibleTo = ({ rights, projectId }: ComputeRequest): string | null => (rights.isAdmin ? null : projectId);
