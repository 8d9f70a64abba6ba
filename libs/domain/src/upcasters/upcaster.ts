import type { Message } from '../kernel/aggregate';

interface Step {
  next(data: object): Message;
}

/**
 * Turns a stored event into the next version of its type. Declared as a method, so that each upcaster can state the
 * type of its data; the golden corpus proves that type.
 */
export type Upcaster = Step['next'];

/** By the older type's full name. */
export type Upcasters = Readonly<Record<string, Upcaster>>;
