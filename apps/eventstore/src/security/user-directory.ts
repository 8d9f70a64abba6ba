import { GenerationalCache } from '@cairn/cache';

import type { WriteOutcome } from '../log/commands';
import type { EventLog } from '../log/event-log';
import { freshId } from '../log/group-writer';
import { isSoftDeleted } from '../log/heads';
import { parseUser, USER_EVENT, userStream, type User } from './user';

const CACHED_USERS = 20_000;

/** A user with the revision of the record: it grows with each change of the user. */
export interface KnownUser {
  readonly revision: number;
  /** Undefined: no such user (any more). */
  readonly user: User | undefined;
  /** When the record was written, in milliseconds since 1970. */
  readonly changedMs: number;
}

const NOBODY: KnownUser = { revision: -1, user: undefined, changedMs: 0 };

/**
 * The users of the store. They live in the log itself, one stream each, so that they are as durable, as chained and as
 * much part of a backup as everything else.
 */
export class UserDirectory {
  private readonly cache = new GenerationalCache<string, KnownUser>(CACHED_USERS);

  constructor(private readonly log: EventLog) {}

  /** The user as committed now. */
  find(login: string): KnownUser {
    const head = this.log.head(userStream(login));
    if (head.key === undefined || head.last < 0 || head.tombstoned) return NOBODY;
    if (isSoftDeleted(head)) return { ...NOBODY, revision: head.last };
    const cached = this.cache.get(login);
    if (cached?.revision === head.last) return cached;
    const event = this.log.reader.atRevision(head.key.sid, head.last);
    const user = event === undefined ? undefined : parseUser(event.data);
    const known = { revision: head.last, user, changedMs: event?.createdMs ?? 0 };
    this.cache.set(login, known);
    return known;
  }

  /** Every user that is not deleted, by name. */
  all(): readonly KnownUser[] {
    const prefix = userStream('');
    return this.log
      .streamNames(prefix)
      .map((name) => this.find(name.slice(prefix.length)))
      .filter(({ user }) => user !== undefined);
  }

  /** @param after the revision on which the change was decided: of two changes at a time, one is refused */
  save(user: User, after: number): Promise<WriteOutcome> {
    const data = Buffer.from(JSON.stringify(user));
    const event = { id: freshId(), type: USER_EVENT, json: true, data, metadata: Buffer.alloc(0) };
    const expected = after < 0 ? 'no-stream' : after;
    const stream = userStream(user.loginName);
    return this.write({ kind: 'append', stream, expected, events: [event], deadlineMs: Infinity });
  }

  remove(login: string, after: number): Promise<WriteOutcome> {
    return this.write({ kind: 'delete', stream: userStream(login), expected: after, deadlineMs: Infinity });
  }

  /** Calls `listener` after each change of the user. @returns the function that ends the watch */
  watch(login: string, listener: () => void): () => void {
    return this.log.signal.watch(userStream(login), listener);
  }

  private write(command: Parameters<EventLog['write']>[0]): Promise<WriteOutcome> {
    return new Promise((resolve) => {
      this.log.write(command, resolve);
    });
  }
}
