import { DomainError } from '../../kernel/errors';
import { type Instance, withRequest } from '../state';
import type { Allowed } from './allowed';
import { irregularImmediateOperation } from './definition';

type Items = Readonly<Record<string, string>>;

interface Metadata {
  readonly metadata: Items;
}

interface MetadataChange {
  readonly set: Items;
  readonly remove: readonly string[];
  /** More items than this are refused; -1 is no limit. */
  readonly limit: number;
}

const ALLOWED: Allowed = { vmStates: ['active', 'paused', 'suspended', 'stopped'], tasks: 'any' };

const replaced = (instance: Instance, { metadata }: Metadata): Instance => withRequest(instance, { metadata });

export const replaceMetadata = irregularImmediateOperation('ReplaceMetadata', {
  name: 'replace-metadata',
  past: 'metadata-replaced',
  meaning: 'The metadata of the server are these from now on.',
  title: 'update metadata',
  allowed: ALLOWED,
  isListed: false,
  decide: ({ metadata }: Metadata) => ({ metadata }),
  evolve: replaced,
});

/** Sets and removes items; leaves others as they are. */
export const changeMetadata = irregularImmediateOperation('ChangeMetadata', {
  name: 'change-metadata',
  past: 'metadata-replaced',
  meaning: 'The metadata of the server are these from now on.',
  title: 'update metadata',
  allowed: ALLOWED,
  isListed: false,
  decide({ set, remove, limit }: MetadataChange, { request }): Metadata {
    const kept = Object.entries(request?.metadata ?? {}).filter(([key]) => !remove.includes(key));
    const metadata = Object.fromEntries([...kept, ...Object.entries(set)]);
    if (limit < 0 || Object.keys(metadata).length <= limit) return { metadata };
    const message = `Maximum number of metadata items exceeds ${String(limit)}`;
    throw new DomainError('quota', 'instance.too-much-metadata', message);
  },
  evolve: replaced,
});
