import type { HostJob, ImageSpec, JobFacts, JobKind } from '@cairn/host-protocol';

import { applyNames } from './apply-names.job';
import { applyPeers } from './apply-peers.job';
import { applySecurity } from './apply-security.job';
import { cacheImage } from './cache-image.job';
import { discardDisks } from './discard-disks.job';
import { ensureFloatingIp, removeFloatingIp } from './floating-ip.jobs';
import { changeNics, ensureInstance } from './ensure-instance.job';
import type { Handler } from './handler';
import type { HostPorts, JobContext } from './job-context';
import { injectNmi } from './inject-nmi.job';
import { rebootInstance } from './reboot-instance.job';
import { rebuildInstance } from './rebuild-instance.job';
import { setGuestPassword } from './set-guest-password.job';
import { removeInstance } from './remove-instance.job';
import { snapshotInstance } from './snapshot-instance.job';

/** One handler for every kind of job that the protocol has: a kind without one does not compile. */
const HANDLERS: { readonly [K in JobKind]: Handler<K> } = {
  'ensure-instance': ensureInstance,
  'change-nics': changeNics,
  'reboot-instance': rebootInstance,
  'rebuild-instance': rebuildInstance,
  'snapshot-instance': snapshotInstance,
  'set-guest-password': setGuestPassword,
  'inject-nmi': injectNmi,
  'discard-disks': discardDisks,
  'remove-instance': removeInstance,
  'apply-security': applySecurity,
  'ensure-floating-ip': ensureFloatingIp,
  'remove-floating-ip': removeFloatingIp,
  'apply-peers': applyPeers,
  'apply-names': applyNames,
  'cache-image': cacheImage,
};

export const runJob = <K extends JobKind>(job: HostJob<K>, context: JobContext): Promise<JobFacts[K]> =>
  HANDLERS[job.kind].run(job, job.payload, context);

/** See Handler.before. */
export const noteBefore = async (job: HostJob, ports: HostPorts): Promise<string | null> =>
  (await HANDLERS[job.kind].before?.(job, ports)) ?? null;

/** See Handler.images. */
export const imagesAfter = <K extends JobKind>(job: HostJob<K>): readonly ImageSpec[] | null =>
  HANDLERS[job.kind].images(job.payload);
