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
  'image.upload-begun.v1': {
    meaning: 'A host has begun to send the bits that it makes of a disk, in this form.',
    shown: true,
  },
  'image.uploaded.v1': {
    meaning: 'The bits are stored under their hash: the image is active.',
    shown: true,
  },
  'image.abandoned.v1': {
    meaning: 'What was to make the image has ended before it began; the image cannot be created any more.',
    shown: false,
  },
  'image.deleted.v1': {
    meaning: 'The image is gone; its blob goes when nothing needs it.',
    shown: true,
  },
};
