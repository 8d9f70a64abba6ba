import type { EventCatalogue } from '../kernel/catalogue';
import type { ImageEvent } from './decider';

export const imageEvents: EventCatalogue<ImageEvent> = {
  'image.created.v1': {
    meaning: 'An image is known and waits for its bits.',
    shown: true,
  },
  'image.updated.v1': {
    meaning: 'Some of what is said of the image has changed; only that is in the event.',
    shown: true,
  },
  'image.uploaded.v1': {
    meaning: 'The bits are stored under their hash: the image is active.',
    shown: true,
  },
  'image.deleted.v1': {
    meaning: 'The image is gone; its blob goes when nothing needs it.',
    shown: true,
  },
};
