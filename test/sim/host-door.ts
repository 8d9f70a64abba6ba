import { createHash } from 'node:crypto';

import { DomainError, streamRef } from '@cairn/domain';
import type { Controller } from '../../apps/agent/src/ports/controller.port';
import { Retryable } from '../../apps/agent/src/ports/errors';
import { HostImages } from '../../apps/controller/src/application/image/host-images';
import { ImageGone } from '../../apps/controller/src/application/image/upload';
import type { Clock, Executor } from '../../apps/controller/src/runtime/ports';

type Part = Pick<Executor, 'execute' | 'state' | 'latest'>;

/** No image costs more than its project may have. */
const UNLIMITED: ConstructorParameters<typeof HostImages>[1] = {
  during: (_projectId, _announced, work) => work((bytes) => bytes),
};

type ImageStore = ConstructorParameters<typeof HostImages>[2];

/** A store that keeps nothing. */
const NOWHERE: ImageStore = {
  put: async (bytes) => {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    for await (const chunk of bytes) {
      sizeBytes += chunk.byteLength;
      hash.update(chunk);
    }
    const sha256 = hash.digest('hex');
    return { sizeBytes, sha256, sha512: sha256 + sha256, md5: sha256.slice(0, 32) };
  },
};

/**
 * A controller as one host meets it, without HTTP: it has no images to fetch, and takes those that the host makes.
 * @param store where it keeps them
 */
export function hostDoor(hostId: string, executor: Part, clock: Clock, store = NOWHERE): Controller {
  const images = new HostImages(executor, UNLIMITED, store, clock);
  const unlessGone = async <T>(work: Promise<void>, done: T, gone: T): Promise<T> => {
    try {
      await work;
      return done;
    } catch (error) {
      if (error instanceof ImageGone) return gone;
      if (error instanceof DomainError) throw new Retryable(error.message, { cause: error });
      throw error;
    }
  };
  return {
    fetchImage: () => Promise.resolve(null),
    fetchDrive: () => Promise.resolve(new Map()),
    fetchPassword: async (instanceId, generation) => {
      const instance = await executor.latest(streamRef('instance', instanceId));
      return instance.operation?.name === 'changePassword' && instance.generation === generation ? 'pa55' : null;
    },
    reply: () => Promise.resolve(),
    joinConsole: () => Promise.resolve(false),
    announceImage: (instanceId, imageId) => unlessGone(images.announce(hostId, instanceId, imageId), true, false),
    sendImage: (instanceId, imageId, copy) =>
      unlessGone(images.take(hostId, instanceId, imageId, copy.bytes(), copy.sizeBytes), 'kept', 'gone'),
  };
}
