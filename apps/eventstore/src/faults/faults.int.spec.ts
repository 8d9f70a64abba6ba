import { EventStoreDBClient, NotLeaderError, UnavailableError } from '@eventstore/db-client';
import type { EventLog } from '../log/event-log';
import { openSecurity } from '../security/security';
import { fresh, noted } from '../testing/client';
import { TemporaryLog } from '../testing/temporary-log';
import { WireServer } from '../wire/server';
import { parseFaultPlan } from './fault-plan';

describe('a server that injects faults', () => {
  const temporary = new TemporaryLog();
  let log: EventLog;
  let server: WireServer | undefined;
  let client: EventStoreDBClient;
  let port = 0;

  beforeAll(() => {
    log = temporary.open();
  });
  afterEach(async () => {
    await client.dispose();
    await server?.stop();
  });
  afterAll(() => {
    temporary.remove();
  });

  async function serve(faults: string): Promise<void> {
    const security = openSecurity(log);
    const plan = parseFaultPlan(faults);
    server = new WireServer({ log, security, hosts: ['127.0.0.1'], port: 0, maxAppendSize: 1024 * 1024, faults: plan });
    port = await server.listen();
    client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${String(port)}?tls=false`);
  }

  const append = (stream: string): Promise<unknown> => client.appendToStream(stream, noted(1));
  /** Resolves when something was committed. */
  const committed = (stream: string): Promise<void> =>
    new Promise((resolve) => {
      const end = log.signal.watch(stream, () => {
        end();
        resolve();
      });
    });

  it('can be unavailable before anything is done', async () => {
    await serve('unavailable=1');
    const stream = fresh();
    await expect(append(stream)).rejects.toBeInstanceOf(UnavailableError);
    await expect(client.deleteStream(stream)).rejects.toBeInstanceOf(UnavailableError);
    expect(log.head(stream).last).toBe(-1);
  });

  it('can lose the answer to what it committed', async () => {
    await serve('lostAck=1');
    const stream = fresh();
    await expect(append(stream)).rejects.toBeInstanceOf(UnavailableError);
    expect(log.head(stream).last).toBe(0);
  });

  it('can stay silent about what it committed', async () => {
    await serve('silentAck=1');
    const stream = fresh();
    const done = committed(stream);
    const appended = append(stream);
    await done;
    const ended = expect(appended).rejects.toBeInstanceOf(UnavailableError); // as EventStoreDB ends calls when it stops
    await server?.stop();
    await ended;
    expect(log.head(stream).last).toBe(0);
  });

  it('can answer late', async () => {
    await serve('delay=1,delayMs=5');
    const stream = fresh();
    await expect(append(stream)).resolves.toMatchObject({ success: true, nextExpectedRevision: 0n });
  });

  it('can drop a subscription', async () => {
    await serve('drop=1');
    const events = client.subscribeToAll()[Symbol.asyncIterator]();
    await expect(events.next()).rejects.toBeInstanceOf(UnavailableError);
  });

  it('can say that another one leads', async () => {
    await serve('notLeader=1');
    const refused = append(fresh());
    await expect(refused).rejects.toBeInstanceOf(NotLeaderError);
    await expect(refused).rejects.toMatchObject({ leader: { address: '127.0.0.1', port } });
  });
});
