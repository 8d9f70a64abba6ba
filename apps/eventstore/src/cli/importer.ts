import { createHash } from 'node:crypto';
import {
  jsonEvent,
  NO_STREAM,
  StreamDeletedError,
  WrongExpectedVersionError,
  type EventStoreDBClient,
} from '@eventstore/db-client';
import { canonicalJson, jsonText } from '@cairn/json';
import { eventData, type ExportedEvent } from './exported-event';

/** Events of one append, and bytes of their lines: below the limits of every server. */
const BATCH_EVENTS = 500;
const BATCH_BYTES = 512 * 1024;

const TOMBSTONE = '$streamDeleted';
/** Stands for an event that had been removed before the export, so that those behind it keep their revisions. */
const PLACEHOLDER = '$removed';
const METASTREAM = '$$';
/** `$tb` of a soft-deleted stream; JSON makes a rounded number of int64's maximum. */
const DELETED = 2 ** 62;

/** Appends exported events in their order, those of one stream that follow on each other in one append. */
export class Importer {
  private batch: ExportedEvent[] = [];
  private bytes = 0;
  private readonly lengths = new Map<string, bigint>();
  /** Placeholders that were appended. */
  filled = 0;

  constructor(private readonly client: EventStoreDBClient) {}

  async take(event: ExportedEvent): Promise<void> {
    const last = this.batch.at(-1);
    const follows = last?.stream === event.stream && BigInt(last.revision) + 1n === BigInt(event.revision);
    const single = event.type === TOMBSTONE || event.stream.startsWith(METASTREAM);
    if (!follows || single || this.batch.length >= BATCH_EVENTS || this.bytes > BATCH_BYTES) await this.finish();
    this.batch.push(event);
    this.bytes += jsonText(event).length;
    if (single) await this.finish();
  }

  /** Appends the collected rest. */
  async finish(): Promise<void> {
    const batch = this.batch;
    [this.batch, this.bytes] = [[], 0];
    const [first] = batch;
    if (first === undefined) return;
    try {
      if (first.type === TOMBSTONE) await this.client.tombstoneStream(first.stream);
      else if (first.stream.startsWith(METASTREAM)) await this.describe(first);
      else await this.append(first.stream, batch, BigInt(first.revision));
    } catch (error) {
      // An import before this one came as far as the stream's tombstone.
      if (!(error instanceof StreamDeletedError)) throw error;
    }
  }

  private async append(stream: string, batch: readonly ExportedEvent[], revision: bigint): Promise<void> {
    const length = this.lengths.get(stream) ?? 0n;
    if (revision > length) await this.fill(stream, length, revision);
    await this.client.appendToStream(stream, batch.map(eventData), { expectedRevision: before(revision) });
    this.lengths.set(stream, revision + BigInt(batch.length));
  }

  private async fill(stream: string, from: bigint, to: bigint): Promise<void> {
    for (let revision = from; revision < to; revision += 1n) {
      const event = jsonEvent({ id: placeholderId(stream, revision), type: PLACEHOLDER, data: {} });
      try {
        await this.client.appendToStream(stream, event, { expectedRevision: before(revision) });
        this.filled += 1;
      } catch (error) {
        // What the target had there was removed from it, too: it goes on where the stream stands.
        const reached = error instanceof WrongExpectedVersionError ? error.actualVersion : undefined;
        if (typeof reached !== 'bigint' || reached < revision) throw error;
        revision = reached;
      }
    }
  }

  /** A server writes metadata of its own when a deleted stream comes back: what says the same is not written again. */
  private async describe(event: ExportedEvent): Promise<void> {
    const stream = event.stream.slice(METASTREAM.length);
    const document = event.json as Readonly<Record<string, unknown>>;
    if (Number(document['$tb']) >= DELETED) {
      await this.client.deleteStream(stream);
      return;
    }
    const { metadata = {} } = await this.client.getStreamMetadata(stream);
    if (canonicalJson(metadata) === canonicalJson(document)) return;
    await this.client.appendToStream(event.stream, eventData(event));
  }
}

function before(revision: bigint): bigint | typeof NO_STREAM {
  return revision === 0n ? NO_STREAM : revision - 1n;
}

/** The same for every import of the same gap, so that a repeat is recognised. */
function placeholderId(stream: string, revision: bigint): string {
  const hex = createHash('sha256')
    .update(`${stream}@${String(revision)}`)
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
