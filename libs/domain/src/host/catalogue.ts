import type { EventCatalogue } from '../kernel/catalogue';
import type { HostEvent } from './events';

export const hostEvents: EventCatalogue<HostEvent> = {
  'host.enrolled.v1': {
    meaning: 'An operator made this host known, with its name, number and availability zone.',
    shown: true,
  },
  'host.started.v1': {
    meaning: 'The agent of the host started, with a new boot id, and told what the host has.',
    shown: true,
  },
  'host.owner-informed.v1': {
    meaning: 'The owner of a claim on this host was told that the host has started again.',
    shown: false,
    from: ['host.instance-informed.v1'],
  },
  'host.went-down.v1': {
    meaning: 'The host has not been heard of for too long; nothing new is placed on it.',
    shown: true,
  },
  'host.came-up.v1': {
    meaning: 'The host is heard of again.',
    shown: true,
  },
  'host.disabled.v1': {
    meaning: 'An operator wants nothing new to be placed on this host.',
    shown: true,
  },
  'host.enabled.v1': {
    meaning: 'The host may be used again.',
    shown: true,
  },
  'host.forced-down.v1': {
    meaning:
      'An administrator states that the host is down: it is shown so, and nothing new is placed on it, though it may still be heard of.',
    shown: true,
  },
  'host.force-down-cleared.v1': {
    meaning: 'The administrator has taken the statement back that the host is down.',
    shown: true,
  },
  'host.images-wanted.v1': {
    meaning: 'An administrator wants the host to fetch images in advance, so that launches need not wait for them.',
    shown: false,
  },
  'host.image-cached.v1': {
    meaning: 'The host has an image in its cache that it was to fetch in advance, perhaps for long already.',
    shown: false,
  },
  'host.image-not-cached.v1': {
    meaning: 'The host could not fetch an image in advance, or not in time; a launch tries again.',
    shown: false,
  },
  'host.removed.v1': {
    meaning: 'An administrator has taken the host, on which no server has a claim, out of the cloud.',
    shown: true,
  },
  'host.capacity-claimed.v2': {
    meaning: 'An owner (one attempt to launch a server) has got processors, memory and disk of this host.',
    shown: true,
    from: ['host.capacity-claimed.v1'],
  },
  'host.capacity-released.v2': {
    meaning: 'What a claim had got is free again.',
    shown: true,
    from: ['host.capacity-released.v1'],
  },
  'host.claim-tombstoned.v1': {
    meaning: 'A claim was released that has not arrived; should it still come, it is refused.',
    shown: false,
  },
  'host.result-rejected.v2': {
    meaning: 'The agent reported a result that nobody waits for; it is kept as evidence and changes nothing.',
    shown: false,
    from: ['host.result-rejected.v1'],
  },
  'host.reports-refused.v1': {
    meaning:
      'Within a minute the agent said so many things that do not fit the protocol or its budget; they change nothing.',
    shown: false,
  },
  'host.drift-detected.v1': {
    meaning: 'The agent found something on the host that the log does not know; it is reported, not deleted.',
    shown: false,
  },
  'host.network-differed.v1': {
    meaning:
      'The network of the host was not what the host had been told; the event says what the agent has made right again, and what it could not.',
    shown: false,
  },
};
