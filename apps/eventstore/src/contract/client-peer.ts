import type * as eventstore from '@eventstore/db-client';
import { MessageQueue } from './message-queue';
import type {
  AppendOptions,
  Expected,
  Filter,
  FollowAllOptions,
  FollowOptions,
  Following,
  Peer,
  Place,
  Proposed,
  ReadAllOptions,
  ReadOptions,
  Removable,
  Resolved,
  StreamDocument,
} from './peer';
import { collected, refusedOf, resolvedOf, translated } from './translate';

const CLASSIC = { credentials: { username: 'admin', password: 'changeit' } };

/** What is used of a client's package. */
export type Library = Omit<typeof eventstore, 'default'>;

/** With a deadline that a large append keeps on a busy machine, too; the clients' own is 10 s. */
const patient = (url: string): string => `${url}${url.includes('?') ? '&' : '?'}defaultDeadline=60000`;

/** One of the official clients. */
export class ClientPeer implements Peer {
  private readonly client: eventstore.EventStoreDBClient;

  constructor(
    private readonly library: Library,
    url: string,
    readonly turnsRound = false,
  ) {
    this.client = library.EventStoreDBClient.connectionString(patient(url));
  }

  append(stream: string, events: readonly Proposed[], options: AppendOptions = {}): Promise<Place> {
    const { expected = 'any', chunk, classic = false } = options;
    return translated(async () => {
      const expectation = { expectedRevision: expected, streamState: expected };
      const { nextExpectedRevision, position } = await this.client.appendToStream(stream, this.dataOf(events), {
        ...expectation,
        ...(chunk === undefined ? {} : { batchAppendSize: chunk }),
        ...(classic ? CLASSIC : {}),
      });
      return { revision: nextExpectedRevision, position: position?.commit };
    });
  }

  read(stream: string, options: ReadOptions = {}): Promise<readonly Resolved[]> {
    return translated(() =>
      collected(
        this.client.readStream(stream, {
          direction: options.backwards === true ? this.library.BACKWARDS : this.library.FORWARDS,
          fromRevision: options.from ?? 'start',
          resolveLinkTos: options.links ?? false,
          ...(options.count === undefined ? {} : { maxCount: options.count }),
        }),
      ),
    );
  }

  readAll(options: ReadAllOptions = {}): Promise<readonly Resolved[]> {
    return translated(() =>
      collected(
        this.client.readAll({
          direction: options.backwards === true ? this.library.BACKWARDS : this.library.FORWARDS,
          fromPosition: positionOf(options.from),
          resolveLinkTos: options.links ?? false,
          ...(options.count === undefined ? {} : { maxCount: options.count }),
        }),
      ),
    );
  }

  follow(stream: string, { from = 'start', links = false }: FollowOptions = {}): Following {
    const queue = new MessageQueue(resolvedOf, refusedOf);
    return queue.attach(this.client.subscribeToStream(stream, { fromRevision: from, resolveLinkTos: links }));
  }

  followAll({ from, links = false, filter }: FollowAllOptions = {}): Following {
    const queue = new MessageQueue(resolvedOf, refusedOf);
    const fromPosition = positionOf(from);
    const options = { fromPosition, resolveLinkTos: links };
    if (filter === undefined) return queue.attach(this.client.subscribeToAll(options));
    return queue.attach(this.client.subscribeToAll({ ...options, filter: filterOf(this.library, filter, queue) }));
  }

  remove(kind: 'delete' | 'tombstone', stream: string, expected: Removable = 'any'): Promise<bigint | undefined> {
    return translated(async () => {
      const options = { expectedRevision: expected };
      const { position } = await (kind === 'delete'
        ? this.client.deleteStream(stream, options)
        : this.client.tombstoneStream(stream, options));
      return position?.commit;
    });
  }

  setMetadata(stream: string, metadata: StreamDocument, expected: Expected = 'any'): Promise<Place> {
    return translated(async () => {
      const options = { expectedRevision: expected, streamState: expected };
      const { nextExpectedRevision, position } = await this.client.setStreamMetadata(stream, metadata, options);
      return { revision: nextExpectedRevision, position: position?.commit };
    });
  }

  getMetadata(stream: string): Promise<StreamDocument | undefined> {
    return translated(async () => {
      const { metadata } = await this.client.getStreamMetadata(stream);
      return metadata;
    });
  }

  optional(): Readonly<Record<string, () => Promise<unknown>>> {
    const { client } = this;
    const toStream = this.library.persistentSubscriptionToStreamSettingsFromDefaults();
    const toAll = this.library.persistentSubscriptionToAllSettingsFromDefaults();
    const read = (subscription: AsyncIterable<unknown>): Promise<unknown> =>
      subscription[Symbol.asyncIterator]().next() as Promise<unknown>;
    return {
      'create persistent': () => client.createPersistentSubscriptionToStream('s', 'g', toStream),
      'create persistent to all': () => client.createPersistentSubscriptionToAll('g', toAll),
      'update persistent': () => client.updatePersistentSubscriptionToStream('s', 'g', toStream),
      'delete persistent': () => client.deletePersistentSubscriptionToStream('s', 'g'),
      'read persistent': () => read(client.subscribeToPersistentSubscriptionToStream('s', 'g')),
      'info of persistent': () => client.getPersistentSubscriptionToStreamInfo('s', 'g'),
      'list persistent': () => client.listAllPersistentSubscriptions(),
      'replay persistent': () => client.replayParkedMessagesToStream('s', 'g'),
      'restart persistent': () => client.restartPersistentSubscriptionSubsystem(),
      'create projection': () => client.createProjection('p', 'fromAll()'),
      'list projections': () => client.listProjections(),
      'state of projection': () => client.getProjectionState('p'),
    };
  }

  dispose(): Promise<void> {
    return this.client.dispose();
  }

  private dataOf(events: readonly Proposed[]): eventstore.EventData[] {
    return events.map(({ id, type, data, metadata }) => {
      const rest = { id, type, ...(metadata === undefined ? {} : { metadata }) };
      if (data instanceof Uint8Array) return this.library.binaryEvent({ ...rest, data });
      return this.library.jsonEvent({ ...rest, data: data as eventstore.JSONType });
    });
  }
}

function positionOf(
  from: bigint | 'start' | 'end' = 'start',
): 'start' | 'end' | { readonly commit: bigint; readonly prepare: bigint } {
  return typeof from === 'bigint' ? { commit: from, prepare: from } : from;
}

function filterOf(
  { streamNameFilter, eventTypeFilter }: Library,
  { on, regex, prefixes, window, interval }: Filter,
  queue: MessageQueue,
): eventstore.Filter {
  const options = {
    ...(window === undefined ? {} : { maxSearchWindow: window }),
    ...(interval === undefined ? {} : { checkpointInterval: interval }),
    checkpointReached: (_: unknown, { commit }: { readonly commit: bigint }) =>
      queue.afterWhatWaits({ kind: 'checkpoint', position: commit }),
  };
  const make = on === 'stream' ? streamNameFilter : eventTypeFilter;
  return regex === undefined ? make({ ...options, prefixes: [...(prefixes ?? [])] }) : make({ ...options, regex });
}
