import { streamName, type StreamRef } from './aggregate';

/**
 * The owner's part of an effect's id: the name of its stream. 0.1 had owners of one category and used their bare ids;
 * the effects that it left must keep their ids.
 */
export const ownerPart = (owner: StreamRef): string => (owner.category === 'instance' ? owner.id : streamName(owner));
