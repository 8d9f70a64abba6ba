import { everything, exactly, type ListDefinition, nothing } from '../../../../application/lists';
import type { CatalogService } from '../catalog';
import { keystoneLists } from '../keystone-lists';

export interface Region {
  readonly id: string;
}

export interface Endpoint {
  readonly id: string;
  readonly interface: string;
  readonly service_id: string;
  readonly region_id: string;
}

const byId = { keys: {}, usual: [{ column: 'id', direction: 'ASC' }] } as const;

/** There is one region, which stands under no other. */
export const REGION_LIST: ListDefinition<Region> = {
  api: keystoneLists,
  key: 'id',
  scope: everything,
  filters: { parent_region_id: { read: nothing } },
  sorting: byId,
};

export const SERVICE_LIST: ListDefinition<CatalogService> = {
  api: keystoneLists,
  key: 'id',
  scope: everything,
  filters: { name: exactly('name'), type: exactly('type') },
  sorting: byId,
};

export const ENDPOINT_LIST: ListDefinition<Endpoint> = {
  api: keystoneLists,
  key: 'id',
  scope: everything,
  filters: {
    interface: exactly('interface'),
    service_id: exactly('service_id'),
    region_id: exactly('region_id'),
  },
  sorting: byId,
};
