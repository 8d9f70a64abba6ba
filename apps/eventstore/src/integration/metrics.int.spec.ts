import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EventStoreDBClient, binaryEvent } from '@eventstore/db-client';
import {
  startEmbeddedEventStore,
  temporaryDirectory,
  type EmbeddedEventStore,
} from '../../../../test/support/embedded-eventstore';
import { askMetrics, sample } from '../testing/metrics';
import { freePort } from '../testing/free-port';
import { fresh, noted, notedUpTo, takeUntil } from '../testing/client';

const GUIDE = readFileSync(join(resolve(__dirname, '../../../..'), 'docs/operators-guide.md'), 'utf8');
/** The table of the operator's guide: a metric with its labels a line. */
const DOCUMENTED = [...GUIDE.matchAll(/^\| `((?:cairn_eventstore|process)_[a-z_]+)(?:\{[a-z,]+\})?` \|/gm)].map(
  ([, name = '']) => name,
);

describe('the metrics of a running store', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let server: EmbeddedEventStore;
  let client: EventStoreDBClient;
  let port: number;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    port = await freePort();
    const args = ['--metrics-port', String(port), '--max-append-size', '200000'];
    server = await startEmbeddedEventStore({ directory: directory.path, args });
    client = EventStoreDBClient.connectionString(server.url);
  });
  afterAll(async () => {
    await client.dispose();
    await server.stop();
    await directory.remove();
  });

  const scrape = async (): Promise<string> => (await askMetrics(port)).text;

  it('are text in the format of Prometheus, at one path', async () => {
    const { status, type, text } = await askMetrics(port);
    expect({ status, type }).toEqual({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' });
    expect(text).toMatch(/^# HELP cairn_eventstore_head_position /m);
    expect((await askMetrics(port, '/')).status).toBe(404);
    expect((await askMetrics(port, '/metrics', 'POST')).status).toBe(404);
  });

  it('are those that the guide lists, no more and no fewer', async () => {
    const served = [...(await scrape()).matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name);
    expect(served.sort()).toEqual([...DOCUMENTED].sort());
  });

  it('count writes by outcome, events, bytes, commits and groups', async () => {
    const before = await scrape();
    const stream = fresh();
    await client.appendToStream(stream, notedUpTo(3));
    await client.appendToStream(stream, noted(9), { expectedRevision: 7n }).catch(() => undefined);
    const large = binaryEvent({ type: 'large', data: Buffer.alloc(200_001) });
    await client.appendToStream(stream, large).catch(() => undefined);
    await client.deleteStream(stream);
    const after = await scrape();
    const grown = (name: string): number => (sample(after, name) ?? 0) - (sample(before, name) ?? 0);
    const writes = (kind: string, outcome: string): number =>
      grown(`cairn_eventstore_writes_total{kind="${kind}",outcome="${outcome}"}`);
    expect(writes('append', 'done')).toBe(1);
    expect(writes('append', 'wrong-expected-version')).toBe(1);
    expect(writes('append', 'refused')).toBe(1);
    expect(writes('delete', 'done')).toBe(1);
    // A deletion is an event of the stream's metadata.
    expect(grown('cairn_eventstore_events_appended_total')).toBe(4);
    expect(grown('cairn_eventstore_appended_bytes_total')).toBeGreaterThan(200);
    expect(grown('cairn_eventstore_commit_seconds_count')).toBe(2);
    expect(grown('cairn_eventstore_commit_seconds_sum')).toBeGreaterThan(0);
    expect(grown('cairn_eventstore_commit_group_writes_sum')).toBe(2);
    expect(grown('cairn_eventstore_head_position')).toBeGreaterThan(200);
  });

  it('show what is open and how large it is', async () => {
    const stream = fresh();
    await client.appendToStream(stream, notedUpTo(2));
    const following = [client.subscribeToAll(), client.subscribeToStream(stream), client.subscribeToStream(stream)];
    for (const subscription of following) {
      const events = subscription[Symbol.asyncIterator]() as AsyncIterator<{ event?: { revision: bigint } }>;
      await takeUntil(events, ({ event }) => event?.revision === 1n);
    }
    const page = await scrape();
    expect(sample(page, 'cairn_eventstore_subscriptions{kind="all"}')).toBe(1);
    expect(sample(page, 'cairn_eventstore_subscriptions{kind="stream"}')).toBe(2);
    expect(sample(page, 'cairn_eventstore_all_subscription_lag_bytes')).toBe(0);
    expect(sample(page, 'cairn_eventstore_stream_subscription_lag_events')).toBe(0);
    expect(sample(page, 'cairn_eventstore_unanswered_appends')).toBe(0);
    expect(sample(page, 'cairn_eventstore_unanswered_append_bytes')).toBe(0);
    expect(sample(page, 'cairn_eventstore_read_only')).toBe(0);
    expect(sample(page, 'cairn_eventstore_file_bytes{file="log"}')).toBeGreaterThan(0);
    expect(sample(page, 'cairn_eventstore_file_bytes{file="wal"}')).toBeGreaterThan(0);
    expect(sample(page, 'process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    for (const subscription of following) await subscription.unsubscribe();
  });

  it('show a subscription that is not read as one that lags', async () => {
    const stream = fresh();
    // More than the buffers of both sides hold.
    const big = () => binaryEvent({ type: 'big', data: Buffer.alloc(190_000) });
    for (let n = 0; n < 150; n += 1) await client.appendToStream(stream, big());
    const all = client.subscribeToAll();
    const one = client.subscribeToStream(stream);
    const eventually = async (name: string): Promise<void> => {
      for (let tries = 0; tries < 100; tries += 1) if ((sample(await scrape(), name) ?? 0) > 0) return;
      throw new Error(`${name} stayed 0`);
    };
    await eventually('cairn_eventstore_all_subscription_lag_bytes');
    await eventually('cairn_eventstore_stream_subscription_lag_events');
    await all.unsubscribe();
    await one.unsubscribe();
  });

  it('are given up, and said to be, where their port is taken: the log is served all the same', async () => {
    const other = await temporaryDirectory();
    const second = await startEmbeddedEventStore({ directory: other.path, args: ['--metrics-port', String(port)] });
    const itsClient = EventStoreDBClient.connectionString(second.url);
    await expect(itsClient.appendToStream(fresh(), noted(1))).resolves.toMatchObject({ success: true });
    await itsClient.dispose();
    await second.stop();
    await other.remove();
  });
});
