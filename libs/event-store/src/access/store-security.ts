import { randomUUID } from 'node:crypto';
import { parsedConnection, withLogin } from '../connection';
import { EventStoreDb } from '../eventstoredb';
import { connectionOf } from '../nodes/connection';
import { type EventStore, WrongRevision } from '../port';
import type { StoreLogin } from '../store-login';
import { claimedBy, confined, type Confinement, readableBy, type StreamAccess } from './lists';
import { StoreUsers } from './users';

/** The stream whose last event is a server's settings. */
export const SETTINGS = '$settings';

/** Times that a change is made again because somebody else changed the same at that moment. */
const MOST_TRIES = 10;

type Document = Readonly<Record<string, unknown>>;

/** Access lists and users of a store, under an administrator's login. */
export class StoreSecurity {
  constructor(
    private readonly log: Pick<EventStore, 'last' | 'append' | 'close'>,
    readonly users: Pick<StoreUsers, 'make' | 'remove' | 'all' | 'close'>,
  ) {}

  /**
   * @param url any connection string that the official client takes; nothing is connected yet
   * @throws ConnectionStringError
   */
  static connect(url: string, login: StoreLogin): StoreSecurity {
    const connection = connectionOf(withLogin(parsedConnection(url), login));
    return new StoreSecurity(EventStoreDb.connect(url, { login }), new StoreUsers(connection));
  }

  /** Sets the access list of one stream; the rest of its metadata stays. @returns whether it was written: it was another */
  restrict(stream: string, access: StreamAccess): Promise<boolean> {
    return this.change(`$$${stream}`, '$metadata', (metadata) => ({ ...metadata, $acl: access }));
  }

  /** The same, but of those who are in its list the ones stay there whom `stays` says. */
  claim(stream: string, access: StreamAccess, stays: (role: string) => boolean): Promise<boolean> {
    return this.change(`$$${stream}`, '$metadata', (metadata) => claimedBy(metadata, access, stays));
  }

  /**
   * Closes streams without a list of their own to all but those who are named here or already, and lets the owners read the
   * whole log and the settings. Writes nothing where it is so.
   * @returns whether anything was written @throws AccessListsUnclear
   */
  async confine(confinement: Confinement): Promise<boolean> {
    const { owners } = confinement;
    const settings = await this.change(SETTINGS, SETTINGS, (now) => confined(now, confinement));
    const read: boolean[] = [];
    for (const stream of ['$all', SETTINGS])
      read.push(await this.change(`$$${stream}`, '$metadata', (now) => readableBy(now, owners)));
    return settings || read.includes(true);
  }

  /** The server's settings; undefined where it has none. */
  async settings(): Promise<Document | undefined> {
    return (await this.log.last(SETTINGS))?.data;
  }

  async close(): Promise<void> {
    this.users.close();
    await this.log.close();
  }

  /** Writes what follows from the last event of a stream, and from no other: a change that came first is not overwritten. */
  private async change(
    stream: string,
    type: string,
    wanted: (now: Document | undefined) => Document | undefined,
  ): Promise<boolean> {
    for (let tries = 1; ; tries += 1) {
      const last = await this.log.last(stream);
      const data = wanted(last?.data);
      if (data === undefined || JSON.stringify(data) === JSON.stringify(last?.data)) return false;
      try {
        await this.log.append(stream, last?.revision ?? 'no-stream', [{ id: randomUUID(), type, data, metadata: {} }]);
        return true;
      } catch (error) {
        if (!(error instanceof WrongRevision) || tries === MOST_TRIES) throw error;
      }
    }
  }
}
