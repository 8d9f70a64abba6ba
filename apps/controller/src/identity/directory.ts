import { holderOf, type Project, streamRef, type User } from '@cairn/domain';
import type { Executor } from '../runtime/ports';
import { isKeystoneId } from './roles';

/** Who can vouch that the states in this process are those of the log. */
export interface Currency {
  /** Ends when they are; undefined: they are. @throws DomainError `unavailable` when that cannot be known. */
  proven(): Promise<void> | undefined;
}

/** By id, or by a name that is unique in a domain. */
export type Ref = { readonly id: string } | { readonly name: string; readonly domainId: string };

/**
 * Users and projects as logins and tokens need them: folded from their streams, never from read models, which may lag
 * behind what was acknowledged. A deleted one is nobody.
 * An id of another form than Keystone's needs not be looked up.
 */
export class Directory {
  constructor(
    private readonly executor: Pick<Executor, 'state'>,
    private readonly currency: Currency,
  ) {}

  async user(ref: Ref): Promise<User | undefined> {
    await this.currency.proven();
    const id = await this.idOf(ref, 'usernames');
    if (id === undefined) return undefined;
    const user = await this.executor.state(streamRef('user', id));
    return user.life === 'live' && matches(ref, user.record) ? user : undefined;
  }

  async project(ref: Ref): Promise<Project | undefined> {
    await this.currency.proven();
    const id = await this.idOf(ref, 'projectnames');
    if (id === undefined) return undefined;
    const project = await this.executor.state(streamRef('project', id));
    return project.life === 'live' && matches(ref, project.record) ? project : undefined;
  }

  /** Of a name the one who has claimed it: perhaps nobody yet, or somebody who has another name by now. */
  private async idOf(ref: Ref, registry: string): Promise<string | undefined> {
    const id =
      'id' in ref ? ref.id : holderOf(await this.executor.state(streamRef('registry', registry)), ref.name)?.ownerId;
    return id !== undefined && isKeystoneId(id) ? id : undefined;
  }
}

/** Names are found whatever their case, but only the exact one is it. */
const matches = (ref: Ref, record: { readonly name: string; readonly domainId: string } | undefined): boolean =>
  'id' in ref || (record?.name === ref.name && record.domainId === ref.domainId);
