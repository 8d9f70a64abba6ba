/**
 * The life of something that an instance uses and that belongs to another stream: an address of a network, and later a
 * port or a volume. It is *requested* there, *allocated* to the instance, *attached* to its guest, *detaching* while it
 * is given back, and *released*.
 */
export type AttachmentStage = 'requested' | 'allocated' | 'attached' | 'detaching' | 'released';

export interface Attachment<Asked, Held> {
  /** Of the claim in the other stream. */
  readonly id: string;
  readonly stage: AttachmentStage;
  readonly asked: Asked;
  /** What the other stream allocated; undefined before that, and after the instance has dropped it. */
  readonly held: Held | undefined;
}

/** In the order in which they were allocated; those that are only requested come last, in the order of the request. */
type Attachments<Asked, Held> = readonly Attachment<Asked, Held>[];

export const requested = <Asked, Held>(id: string, asked: Asked): Attachment<Asked, Held> => ({
  id,
  stage: 'requested',
  asked,
  held: undefined,
});

const isWaiting = ({ stage }: Attachment<unknown, unknown>): boolean => stage === 'requested';

/** @param asked for an attachment that is not in the list */
export function allocated<Asked, Held>(
  all: Attachments<Asked, Held>,
  id: string,
  held: Held,
  asked: Asked,
): Attachments<Asked, Held> {
  const { asked: wanted } = all.find((one) => one.id === id) ?? { asked };
  const others = all.filter((one) => one.id !== id);
  const taken = { id, stage: 'allocated', asked: wanted, held } as const;
  return [...others.filter((one) => !isWaiting(one)), taken, ...others.filter(isWaiting)];
}

/** Marks everything allocated as attached to the guest. */
export const attached = <Asked, Held>(all: Attachments<Asked, Held>): Attachments<Asked, Held> =>
  all.map((one) => (one.stage === 'allocated' ? { ...one, stage: 'attached' } : one));

/** Begins to give back all of them. The instance shows what it holds until it is deleted. */
export const detaching = <Asked, Held>(all: Attachments<Asked, Held>): Attachments<Asked, Held> =>
  all.map((one) => (one.stage === 'released' ? one : { ...one, stage: 'detaching' }));

/** Begins to give back all of them, of an instance that stays. The instance no longer shows them. */
export const dropped = <Asked, Held>(all: Attachments<Asked, Held>): Attachments<Asked, Held> =>
  detaching(all).map((one) => ({ ...one, held: undefined }));

export const released = <Asked, Held>(all: Attachments<Asked, Held>, id: string): Attachments<Asked, Held> =>
  all.map((one) => (one.id === id ? { ...one, stage: 'released' } : one));

/** True if the other stream may hold something for the instance and its release has not begun. */
export const isClaimed = ({ stage }: Attachment<unknown, unknown>): boolean =>
  stage !== 'detaching' && stage !== 'released';
