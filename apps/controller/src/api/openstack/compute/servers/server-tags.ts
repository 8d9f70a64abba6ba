import { LONGEST_TAG, MOST_TAGS } from '@cairn/domain';
import { faultRule, isOfLength, isStorable, shown } from '../../../http';

/** Why a text cannot be a tag, in the words of JSON Schema; undefined if it can. */
export function tagFault(tag: unknown): string | undefined {
  if (typeof tag !== 'string') return `${shown(tag)} is not of type 'string'`;
  if (!isOfLength(tag, 1, LONGEST_TAG)) return `${shown(tag)} is too ${tag === '' ? 'short' : 'long'}`;
  if (/[,/]/.test(tag)) return `${shown(tag)} does not match '^[^,/]*$'`;
  return isStorable(tag) ? undefined : `${shown(tag)} holds a character that cannot be stored`;
}

export const IsTag = (): PropertyDecorator => faultRule('isTag', tagFault);

function tagsFault(value: unknown): string | undefined {
  if (!Array.isArray(value)) return `${shown(value)} is not of type 'array'`;
  if (value.length > MOST_TAGS) return `${shown(value)} is too long`;
  return value.map(tagFault).find((fault) => fault !== undefined);
}

/** A list of tags, as nova's schema has it. */
export const IsTags = (): PropertyDecorator => faultRule('isTags', tagsFault);
