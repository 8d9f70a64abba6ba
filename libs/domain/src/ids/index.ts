import { parse, v5 } from 'uuid';

/** The namespace of all ids that Cairn derives. Never to be changed: ids of past effects must come out the same. */
const NAMESPACE = parse('7d1bd8a2-4c8d-5e0f-9a55-0f6f3a0d7c11');

const utf8 = new TextEncoder();

/** An id that follows from others: the same parts give the same id, for ever (ARCHITECTURE.md, rule 4). */
export const deriveId = (...parts: readonly (string | number)[]): string => v5(utf8.encode(parts.join('/')), NAMESPACE);
