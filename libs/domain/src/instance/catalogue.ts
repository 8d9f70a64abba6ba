import type { EventCatalogue } from '../kernel/catalogue';
import type { InstanceEvent } from './events';
import { operationEvents } from './operations/steps';

export const instanceEvents: EventCatalogue<InstanceEvent> = {
  'instance.launch-requested.v1': {
    meaning: 'A tenant asked for a server; everything that was asked for is in the event.',
    shown: true,
  },
  'instance.launch-abandoned.v1': {
    meaning: 'Quota was reserved for a server whose launch never began; it cannot begin any more.',
    shown: false,
  },
  'instance.launch-undone.v1': {
    meaning: 'The request for this and other servers was cut off: it is undone as a whole, so this one is deleted.',
    shown: false,
  },
  'instance.host-chosen.v2': {
    meaning: 'The scheduler chose a host for this attempt to launch or move the server; nobody has acted on it yet.',
    shown: true,
    from: ['instance.host-chosen.v1'],
  },
  'instance.host-claimed.v1': {
    meaning: 'The host that was chosen has granted the capacity.',
    shown: true,
  },
  'instance.host-refused.v1': {
    meaning: 'The host that was chosen has refused; another one is chosen, or the launch fails.',
    shown: true,
  },
  'instance.address-allocated.v1': {
    meaning: 'A network has given the server an address and a MAC.',
    shown: true,
  },
  'instance.floating-address-reserved.v1': {
    meaning: 'A pool holds an address for the floating IP that the server is to get at its launch.',
    shown: false,
  },
  'instance.floating-ip-assigned.v1': {
    meaning: 'The floating IP that the server was to get at its launch is there; it goes with the server.',
    shown: false,
  },
  'instance.floating-ip-bound.v1': {
    meaning: 'A floating IP leads to an interface of the server.',
    shown: true,
  },
  'instance.floating-ip-unbound.v1': {
    meaning: 'A floating IP leads to the server no more.',
    shown: true,
  },
  'instance.floating-ip-placed.v1': {
    meaning: 'A floating IP of the server knows which host the server is on.',
    shown: false,
  },
  'instance.launch-attempt-failed.v1': {
    meaning: 'The host could not make the server; it is cleared away there before another host is chosen.',
    shown: true,
  },
  'instance.launched.v1': {
    meaning: 'The server runs on its host, with the facts that the host told.',
    shown: true,
  },
  'instance.launch-failed.v1': {
    meaning: 'The launch is given up, for a reason that the tenant can read.',
    shown: true,
  },
  ...operationEvents,
  'instance.places-told.v1': {
    meaning: 'The stream of a network that spans hosts knows on which of them the guest runs, or may run.',
    shown: false,
  },
  'instance.membership-told.v1': {
    meaning: "The stream of the project's security groups knows where the server is, and in which groups.",
    shown: false,
  },
  'instance.snapshot-progressed.v1': {
    meaning: 'The image that an operation makes is known, is being copied from the disk, or is being sent.',
    shown: true,
  },
  'instance.reservation-changed.v1': {
    meaning: 'The quota has room for the server at its new size; it holds as much until the resize is settled.',
    shown: false,
  },
  'instance.operation-advanced.v1': {
    meaning: 'One host has done its part of an operation; the next part begins.',
    shown: true,
  },
  'instance.operation-progressed.v1': {
    meaning: 'The host has told how far it is with its part of an operation.',
    shown: true,
  },
  'instance.move-attempt-failed.v1': {
    meaning: 'The chosen host could not take the server; it is cleared away there before another host is chosen.',
    shown: true,
  },
  'instance.operation-undoing.v1': {
    meaning: 'An operation cannot go on: the host of the server makes true again what was before.',
    shown: true,
  },
  'instance.host-restart-noted.v1': {
    meaning: 'The host has restarted during an operation; if that fails, the guest is made to run again.',
    shown: false,
  },
  'instance.offloaded.v1': {
    meaning: 'The host has cleared the shelved server away; it comes back from its shelved image on any host.',
    shown: true,
  },
  'instance.released.v1': {
    meaning:
      'One thing that the server held is given back: a domain, disks, a claim, an address, an image or its quota.',
    shown: false,
  },
  'instance.removal-failed.v1': {
    meaning: 'The host could not remove the domain or disks; it is tried again as another attempt.',
    shown: false,
  },
  'instance.leftover-found.v1': {
    meaning: 'A host has a guest of the deleted server, though it had removed it; it is to be removed again.',
    shown: false,
  },
  'instance.deleted.v1': {
    meaning: 'The server has given back everything and does not exist any more.',
    shown: true,
  },
};
