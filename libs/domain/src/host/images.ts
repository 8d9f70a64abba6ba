import { deriveId } from '../ids';
import type { ImageSpec } from '../instance/spec';
import type { JobEffect } from '../kernel/effect';
import type { Instant } from '../kernel/time';
import type { HostEvent } from './events';
import type { Host } from './state';

/** An image that the host is asked to fetch in advance (nova: pre-caching), until it has answered. */
export interface WantedImage {
  readonly image: ImageSpec;
  /** When nobody waits for it any more. */
  readonly notAfter: Instant;
}

export type ImageEvent =
  | {
      readonly type: 'host.images-wanted.v1';
      readonly data: { readonly images: readonly ImageSpec[]; readonly notAfter: Instant };
    }
  | {
      readonly type: 'host.image-cached.v1';
      /** `found`: it was there already. */
      readonly data: { readonly imageId: string; readonly found: boolean; readonly timings: ImageTimings };
    }
  | {
      readonly type: 'host.image-not-cached.v1';
      readonly data: { readonly imageId: string; readonly code: string; readonly message: string };
    };

type DataOf<T extends ImageEvent['type']> = Extract<ImageEvent, { readonly type: T }>['data'];

export type ImageCommand =
  | { readonly type: 'WantImages'; readonly data: DataOf<'host.images-wanted.v1'> }
  | { readonly type: 'RecordImageCached'; readonly data: DataOf<'host.image-cached.v1'> }
  | { readonly type: 'RecordImageNotCached'; readonly data: DataOf<'host.image-not-cached.v1'> };

/** Milliseconds by the parts of a job. */
export type ImageTimings = Readonly<Record<string, number>>;

/** An image that is wanted already is not wanted twice; an answer about another one comes too late. */
export function decideImages(command: ImageCommand, { wanted }: Host): readonly HostEvent[] {
  switch (command.type) {
    case 'WantImages': {
      const { images, notAfter } = command.data;
      const known = new Set(wanted.map(({ image }) => image.imageId));
      const fresh = images.filter(({ imageId }) => !known.has(imageId));
      return fresh.length === 0 ? [] : [{ type: 'host.images-wanted.v1', data: { images: fresh, notAfter } }];
    }
    case 'RecordImageCached':
      return isNext(command.data.imageId, wanted) ? [{ type: 'host.image-cached.v1', data: command.data }] : [];
    case 'RecordImageNotCached':
      return isNext(command.data.imageId, wanted) ? [{ type: 'host.image-not-cached.v1', data: command.data }] : [];
  }
}

const isNext = (imageId: string, wanted: Host['wanted']): boolean => wanted[0]?.image.imageId === imageId;

export function withImages(state: Host, event: ImageEvent): Host {
  if (event.type !== 'host.images-wanted.v1')
    return { ...state, wanted: state.wanted.slice(1), answered: state.answered + 1 };
  const { images, notAfter } = event.data;
  return { ...state, wanted: [...state.wanted, ...images.map((image) => ({ image, notAfter }))] };
}

/** One image after the other, each under a generation of its own. */
export function dueImages({ hostId, wanted, answered }: Host): readonly JobEffect[] {
  const [next] = wanted;
  if (next === undefined) return [];
  const { image, notAfter } = next;
  const { imageId } = image;
  const notCached = (code: string, message: string): ImageCommand => ({
    type: 'RecordImageNotCached',
    data: { imageId, code, message },
  });
  const generation = answered + 1;
  return [
    {
      kind: 'job',
      id: deriveId(hostId, 'cache-image', generation),
      hostId,
      job: { kind: 'cache-image', resource: { category: 'host', id: hostId }, generation, payload: { image } },
      dueBy: notAfter,
      onExpired: notCached('host.too-late', 'The host did not fetch the image in time.'),
      onDone: (facts) => {
        const { imageCached, timings } = facts as { imageCached: boolean; timings: ImageTimings };
        return { type: 'RecordImageCached', data: { imageId, found: imageCached, timings } };
      },
      onRefused: ({ code, message }) => notCached(code, message),
    },
  ];
}
