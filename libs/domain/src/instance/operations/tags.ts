import { DomainError } from '../../kernel/errors';
import { type Instance, withRequest } from '../state';
import type { Allowed } from './allowed';
import { irregularImmediateOperation, type Nothing } from './definition';

/** nova's limits of tags (compute API 2.26): so many of a server, each of so many characters. */
export const MOST_TAGS = 50;
export const LONGEST_TAG = 60;

interface Tag {
  readonly tag: string;
}

interface Tags {
  readonly tags: readonly string[];
}

/** All tags from now on, and how they differ from those before: tables by tag change only where these say so. */
interface TagChange extends Tags {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

const ALLOWED: Allowed = { vmStates: ['active', 'paused', 'suspended', 'stopped'], tasks: 'any' };

const COMMON = {
  past: 'tags-changed',
  meaning: 'The tags of the server are these from now on; those that came and went are named besides.',
  allowed: ALLOWED,
  isListed: false,
  ignoresLock: true,
  evolve: (instance: Instance, { tags }: TagChange): Instance => withRequest(instance, { tags }),
} as const;

const tagsOf = ({ request }: Instance): readonly string[] => request?.tags ?? [];

/** The event's data; null where nothing would change. */
function changed(before: readonly string[], tags: readonly string[]): TagChange | null {
  const added = tags.filter((tag) => !before.includes(tag));
  const removed = before.filter((tag) => !tags.includes(tag));
  return added.length + removed.length === 0 ? null : { tags, added, removed };
}

export const replaceTags = irregularImmediateOperation('ReplaceTags', {
  ...COMMON,
  name: 'replace-tags',
  title: 'update tags',
  decide: ({ tags }: Tags, instance) => changed(tagsOf(instance), [...new Set(tags)]),
});

export const clearTags = irregularImmediateOperation('ClearTags', {
  ...COMMON,
  name: 'clear-tags',
  title: 'delete tags',
  decide: (_nothing: Nothing, instance) => changed(tagsOf(instance), []),
});

export const addTag = irregularImmediateOperation('AddTag', {
  ...COMMON,
  name: 'add-tag',
  title: 'update tag',
  decide({ tag }: Tag, instance) {
    const before = tagsOf(instance);
    if (before.length < MOST_TAGS) return changed(before, [...new Set([...before, tag])]);
    const message = `The number of tags exceeded the per-server limit ${String(MOST_TAGS)}`;
    throw new DomainError('invalid', 'instance.too-many-tags', message);
  },
});

export const removeTag = irregularImmediateOperation('RemoveTag', {
  ...COMMON,
  name: 'remove-tag',
  title: 'delete tag',
  decide({ tag }: Tag, instance) {
    const before = tagsOf(instance);
    return changed(
      before,
      before.filter((one) => one !== tag),
    );
  },
});
