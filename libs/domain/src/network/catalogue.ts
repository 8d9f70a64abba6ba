import type { EventCatalogue } from '../kernel/catalogue';
import type { NetworkEvent } from './messages';

export const networkEvents: EventCatalogue<NetworkEvent> = {
  'network.created.v1': {
    meaning: 'A network can be used, with the range of addresses that it gives out.',
    shown: true,
  },
  'network.creation-abandoned.v1': {
    meaning: 'Quota, or the id of a VLAN, was held for a network that never came; it cannot come any more.',
    shown: false,
  },
  'network.quota-released.v1': {
    meaning: 'The network does not count any more in the quota of the project that made it, which has it no longer.',
    shown: false,
  },
  'network.deleted.v1': {
    meaning: 'The network is gone; no address of it was in use.',
    shown: true,
  },
  'network.project-set.v1': {
    meaning: "The network is for one project's guests, or for everybody's.",
    shown: true,
  },
  'network.address-reserved.v1': {
    meaning: 'An operator keeps an address from being given out; a server that has it keeps it until its release.',
    shown: false,
  },
  'network.address-unreserved.v1': {
    meaning: 'A reserved address may be given out again.',
    shown: false,
  },
  'network.address-allocated.v2': {
    meaning: "An owner's claim has got an address and a MAC of this network.",
    shown: true,
    from: ['network.address-allocated.v1'],
  },
  'network.address-released.v1': {
    meaning: 'The address of a claim is free again.',
    shown: true,
  },
  'network.claim-tombstoned.v1': {
    meaning: 'A claim on an address was released that has not arrived; should it still come, it is refused.',
    shown: false,
  },
  'network.places-set.v1': {
    meaning:
      'The guest with the address of a claim runs, or may run, on these hosts. Of networks that span hosts, or whose gateway is one host.',
    shown: false,
  },
  'network.gateway-moved.v1': {
    meaning: 'This host is the gateway of all guests of the network; or none is before the next guest comes.',
    shown: true,
  },
  'network.floating-placed.v1': {
    meaning: 'A floating IP that leads to a guest of the network knows which host is the gateway.',
    shown: false,
  },
  'network.host-updated.v1': {
    meaning:
      'A host exchanges frames of the network with the hosts that it had at this version, and says where it is itself.',
    shown: false,
  },
  'network.host-not-updated.v1': {
    meaning: 'A host could not take over the list of hosts, or did not answer; it is asked again later.',
    shown: false,
  },
};
