import type { JobFailureCode } from '@cairn/host-protocol';

/** A failure that becomes the job's outcome: a state and a reason that the tenant can read. */
export class JobFailure extends Error {
  constructor(
    readonly code: JobFailureCode,
    message: string,
    /** True when no other host could do better. */
    readonly permanent: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The image's bytes contradict its claims: no host can use them. */
export class ImageUnusable extends JobFailure {
  constructor(imageId: string, why: string) {
    super('image.unusable', `Image ${imageId} is unacceptable: ${why}`, true);
  }
}

/** Nothing is wrong with the job; the world is not ready (controller away, disk busy). BullMQ gives it again. */
export class Retryable extends Error {}
