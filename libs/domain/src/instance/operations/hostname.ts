import { withRequest } from '../state';
import { irregularImmediateOperation } from './definition';

interface Hostname {
  readonly hostname: string;
}

/** Names the guest in metadata and DHCP (compute API 2.90). The guest takes the name when it asks for it again. */
export const setHostname = irregularImmediateOperation('SetHostname', {
  name: 'set-hostname',
  past: 'hostname-set',
  meaning: 'The guest is to call itself by another host name.',
  allowed: { vmStates: 'any', tasks: 'any' },
  isListed: false,
  ignoresLock: true,
  decide: ({ hostname }: Hostname, { request }) => (request?.hostname === hostname ? null : { hostname }),
  evolve: (instance, { hostname }) => withRequest(instance, { hostname }),
});
