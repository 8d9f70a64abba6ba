import { streamName, type StreamRef } from './aggregate';

/**
 * An owner's part in ids of effects: the name of its stream. 0.1 had owners of one category and wrote their ids alone;
 * what it owed must be owed under the same ids.
 */
export const ownerPart = (owner: StreamRef): string => (owner.category === 'instance' ? owner.id : streamName(owner));
