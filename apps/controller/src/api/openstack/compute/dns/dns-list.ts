import type { DnsDomain } from '@cairn/domain';
import { everything, type ListDefinition } from '../../../../application/lists';
import { withoutSchema } from '../shared/nova-lists';

/** Every domain: nova shows them to all, since names in them are public. */
export const DNS_DOMAINS: ListDefinition<DnsDomain> = {
  api: withoutSchema,
  key: 'domain',
  scope: everything,
  filters: {},
  sorting: { keys: {}, usual: [{ column: 'domain', direction: 'ASC' }] },
};
