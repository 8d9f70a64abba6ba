import { withRequest } from '../state';
import { irregularImmediateOperation } from './definition';

/** The addresses to change; null removes one. */
interface Addresses {
  readonly accessIpV4?: string | null;
  readonly accessIpV6?: string | null;
}

interface AccessAddresses {
  readonly addresses: Addresses;
}

/** Sets OpenStack's access addresses. Cairn only shows them. */
export const setAccessAddresses = irregularImmediateOperation('SetAccessAddresses', {
  name: 'set-access-addresses',
  past: 'access-addresses-set',
  meaning: 'The tenant says at which other addresses the server is reached; only those that changed are in the event.',
  allowed: { vmStates: 'any', tasks: 'any' },
  isListed: false,
  ignoresLock: true,
  decide({ addresses: asked }: AccessAddresses, { request }): Addresses | null {
    const { accessIpV4 = null, accessIpV6 = null } = request ?? {};
    const changed = {
      ...(asked.accessIpV4 === undefined || asked.accessIpV4 === accessIpV4 ? {} : { accessIpV4: asked.accessIpV4 }),
      ...(asked.accessIpV6 === undefined || asked.accessIpV6 === accessIpV6 ? {} : { accessIpV6: asked.accessIpV6 }),
    };
    return Object.keys(changed).length === 0 ? null : changed;
  },
  evolve: (instance, changed) => withRequest(instance, changed),
});
