import { shelvedDebts, withDebts } from '../debts';
import { DomainError } from '../../kernel/errors';
import { later } from '../../kernel/time';
import { SNAPSHOT_LIMIT_MS, type SnapshotImage, snapshotImageId } from '../snapshot/image';
import type { ImageSpec } from '../spec';
import { type Instance, withRequest } from '../state';
import { beginOffload } from '../offload';
import { hostOperation, immediateOperation, irregularHostOperation, type Nothing } from './definition';

interface Shelve {
  readonly image: SnapshotImage;
  /** How long the server stays on its host, in milliseconds; null: until somebody offloads it. */
  readonly offloadAfterMs: number | null;
}

/** Makes an image of the root disk and ends the guest: the server can then come back on any host. */
export const shelve = hostOperation({
  name: 'shelve',
  past: 'shelved',
  meaning: 'The root disk of the server is in its shelved image, and the guest is off.',
  allowed: { vmStates: ['active', 'stopped', 'paused', 'suspended'] },
  task: 'shelving',
  target: { vmState: 'shelved', power: 'stopped' },
  closesWayBack: true,
  failure: 'unchanged',
  disturbs: () => true,
  limitMs: SNAPSHOT_LIMIT_MS,
  snapshot: {
    image: ({ image }: Shelve) => image,
    tasks: {
      asked: 'shelving',
      made: 'shelving',
      copying: 'shelving_image_pending_upload',
      uploading: 'shelving_image_uploading',
    },
  },
  ends: (instance, { offloadAfterMs }: Shelve, { operationId, at }) => ({
    ...instance,
    shelved: {
      imageId: snapshotImageId(operationId),
      offloadAt: offloadAfterMs === null ? null : later(at, offloadAfterMs),
    },
    debts: withDebts(instance.debts, shelvedDebts(instance)), // of an unshelving that was lost
  }),
});

/** Lets the host of a shelved server go (`../offload.ts`): disks there are removed, addresses and quota stay. */
export const shelveOffload = immediateOperation({
  name: 'shelveOffload',
  past: 'offload-requested',
  meaning: 'The shelved server is to leave its host, which clears it away; its addresses and its quota stay.',
  allowed: { vmStates: ['shelved'] },
  ignoresLock: true,
  decide: (_nothing: Nothing): Nothing => ({}),
  evolve: beginOffload,
});

interface Unshelve {
  /** The shelved image. Null: there is none any more; the server can then only start where its disks still are. */
  readonly image: ImageSpec | null;
  /** The zone that the server is to be in from now on; null: any. Absent: as before. */
  readonly availabilityZone?: string | null;
  /** The name of the host that an administrator asks for. */
  readonly host?: string;
}

/** It may be a cold boot on a host that lacks the image. */
const UNSHELVE_LIMIT_MS = 30 * 60_000;

/** @throws DomainError `conflict`, in nova's words where it has them. */
function requirePlace({ image, availabilityZone, host }: Unshelve, instance: Instance): void {
  const { vmState, request } = instance;
  if (vmState === 'shelved' && (availabilityZone !== undefined || host !== undefined))
    throw new DomainError(
      'conflict',
      'instance.not-offloaded',
      `Specifying an availability zone or a host when unshelving server "${request?.instanceId ?? ''}" with status ` +
        `"${vmState}" is not supported. The server status must be SHELVED_OFFLOADED.`,
    );
  if (vmState === 'shelved_offloaded' && image === null)
    throw new DomainError(
      'conflict',
      'instance.no-shelved-image',
      `Error during unshelve instance ${request?.instanceId ?? ''}: its shelved image could not be found.`,
    );
}

/** Brings a shelved server back: where its disks are, or on a host that is looked for, from its shelved image. */
export const unshelve = irregularHostOperation(
  {
    command: 'UnshelveInstance',
    requested: 'instance.unshelve-requested.v1',
    accept(asked: Unshelve & { readonly notAfter: string }, instance) {
      requirePlace(asked, instance);
      return asked;
    },
  },
  {
    name: 'unshelve',
    past: 'unshelved',
    meaning: 'The shelved server runs again; its shelved image goes.',
    allowed: { vmStates: ['shelved', 'shelved_offloaded'] },
    task: 'unshelving',
    goes: {
      purpose: 'unshelve',
      disks: 'made',
      needed: ({ host }) => host === undefined,
      among: ({ host: requestedHost }) => ({ requestedHost }),
    },
    legs: [{ on: 'there', task: 'spawning', power: 'end' }],
    leaves: 'nothing',
    target: { vmState: 'active', power: 'running' },
    failure: 'unchanged',
    disturbs: ({ host }) => host !== undefined,
    limitMs: UNSHELVE_LIMIT_MS,
    begins(instance, { image, availabilityZone }: Unshelve) {
      const placed = availabilityZone === undefined ? instance : withRequest(instance, { availabilityZone });
      return instance.host !== undefined || image === null ? placed : { ...placed, disks: { ...placed.disks, image } };
    },
    ends(before) {
      const { shelved: _shelved, ...instance } = before;
      return { ...instance, debts: withDebts(instance.debts, shelvedDebts(before)) };
    },
  },
);
