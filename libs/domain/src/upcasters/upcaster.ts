import type { Message } from '../kernel/aggregate';

interface Step {
  next(data: object): Message;
}

/**
 * Makes the next version of an event from an older one as it was stored. A method's type, so that each may say what the
 * data of its version was; the golden corpus proves that it was so.
 */
export type Upcaster = Step['next'];

/** By the older type's full name. */
export type Upcasters = Readonly<Record<string, Upcaster>>;
