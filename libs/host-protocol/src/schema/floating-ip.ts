import { z } from 'zod';

import { resource, text, uuid } from './bounds';

/** An address outside that the host is to lead to a port. The resource is the floating IP. */
export const ensureFloatingIp = z.object({
  address: text(15),
  interface: text(15).nullable(),
  holder: resource,
  networkId: uuid,
  fixedAddress: text(15),
});
