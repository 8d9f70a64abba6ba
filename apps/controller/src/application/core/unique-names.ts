import { DomainError, holderOf, type StreamOf, streamRef } from '@cairn/domain';
import type { CommandContext, Executor } from '../../runtime/ports';
import { stepOf } from './command-context';

type Holder = NonNullable<ReturnType<typeof holderOf>>;

/** A kind of owner of unique names: its category, and the registry stream that holds the names. */
export interface NameKind {
  readonly category: 'user' | 'project' | 'flavor' | 'network';
  readonly registry: string;
  /** Whether an owner that is known to exist has a right to the name that it holds. */
  readonly keeps: (executor: Executor, ownerId: string, name: string) => Promise<boolean>;
}

/** Names that records have: one has a right to its name for as long as it lives, and is not renamed. */
const namesOf = (category: 'user' | 'project' | 'flavor', registry: string): NameKind => ({
  category,
  registry,
  keeps: async (executor, ownerId, name) => {
    const { life, record } = await executor.state(streamRef(category, ownerId));
    return life === 'live' && record?.name.toLowerCase() === name.toLowerCase();
  },
});

export const USER_NAMES = namesOf('user', 'usernames');
export const PROJECT_NAMES = namesOf('project', 'projectnames');
export const FLAVOR_NAMES = namesOf('flavor', 'flavornames');

/**
 * Unique names: a resource claims its name before it exists. A new owner takes over a name whose holder is deleted or
 * renamed, so that a crash between a deletion and the release of its name blocks nobody.
 */
export class UniqueNames {
  private readonly registry: StreamOf<'registry'>;

  constructor(
    private readonly executor: Executor,
    private readonly kind: NameKind,
  ) {
    this.registry = streamRef('registry', kind.registry);
  }

  /** @throws DomainError `registry.name-taken`. */
  async claim(name: string, ownerId: string, context: CommandContext): Promise<void> {
    const stale = await this.staleHolder(name, ownerId);
    if (stale !== undefined) await this.release(name, stale, stepOf(context, `release-${stale}`));
    const data = { name, ownerId, ownerCategory: this.kind.category };
    await this.executor.execute(this.registry, { type: 'ClaimName', data }, stepOf(context, `claim-${name}`));
  }

  /** Claims the name if no other owner has it. @returns whether it is claimed */
  async claimed(name: string, ownerId: string, context: CommandContext): Promise<boolean> {
    try {
      await this.claim(name, ownerId, context);
      return true;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'registry.name-taken') return false;
      throw error;
    }
  }

  async confirm(name: string, ownerId: string, context: CommandContext): Promise<void> {
    const command = { type: 'ConfirmName', data: { name, ownerId } } as const;
    await this.executor.execute(this.registry, command, stepOf(context, `confirm-${name}`));
  }

  async release(name: string, ownerId: string, context: CommandContext): Promise<void> {
    const command = { type: 'ReleaseName', data: { name, ownerId } } as const;
    await this.executor.execute(this.registry, command, stepOf(context, `release-${name}`));
  }

  /** Renames a resource around `change`: claims the new name before, releases the old one after. */
  async renamed<T>(
    owner: { readonly id: string; readonly name: string },
    name: string | undefined,
    context: CommandContext,
    change: () => Promise<T>,
  ): Promise<T> {
    if (name === undefined || name === owner.name) return change();
    await this.claim(name, owner.id, context);
    const changed = await change();
    await this.confirm(name, owner.id, context);
    if (name.toLowerCase() !== owner.name.toLowerCase()) await this.release(owner.name, owner.id, context);
    return changed;
  }

  /** Who holds the name and has a right to it, or may come to have one. */
  async holder(name: string): Promise<string | undefined> {
    const holder = holderOf(await this.executor.state(this.registry), name);
    return holder !== undefined && (await this.hasRight(holder, name)) ? holder.ownerId : undefined;
  }

  /** The other holder of the name, if it has lost its right to it. */
  private async staleHolder(name: string, ownerId: string): Promise<string | undefined> {
    const holder = holderOf(await this.executor.state(this.registry), name);
    if (holder === undefined || holder.ownerId === ownerId) return undefined;
    return (await this.hasRight(holder, name)) ? undefined : holder.ownerId;
  }

  /** Whether it has a right to the name, or may come to have one. */
  private async hasRight({ ownerId, settled }: Holder, name: string): Promise<boolean> {
    return !settled || (await this.kind.keeps(this.executor, ownerId, name));
  }
}
