import { randomUUID } from 'node:crypto';
import { MemoryEventStore } from '../memory';
import { ownedBy } from './lists';
import { StoreSecurity } from './store-security';

const ACCESS = ownedBy(['$admins', 'cairn']);

describe('access lists of a store', () => {
  let log: MemoryEventStore;
  let security: StoreSecurity;

  const write = (stream: string, data: Readonly<Record<string, unknown>>): Promise<unknown> => {
    const last = log.all().findLast((event) => event.stream === stream);
    return log.append(stream, last?.revision ?? 'no-stream', [{ id: randomUUID(), type: stream, data, metadata: {} }]);
  };
  const written = (stream: string) =>
    log
      .all()
      .filter((event) => event.stream === stream)
      .map(({ data }) => data);

  beforeEach(() => {
    log = new MemoryEventStore();
    const nobody = { make: () => Promise.resolve(), remove: () => Promise.resolve(), all: () => Promise.resolve([]) };
    security = new StoreSecurity(log, { ...nobody, close: () => undefined });
  });

  it('are written where there were none, and not again', async () => {
    const confine = () => security.confine({ owners: ['$admins', 'cairn'], others: [] });
    expect([await confine(), await confine()]).toEqual([true, false]);
    expect(log.all().map(({ stream }) => stream)).toEqual(['$settings', '$$$all', '$$$settings']);
    const restrict = () => security.restrict('agent-1', ACCESS);
    expect([await restrict(), await restrict()]).toEqual([true, false]);
    const claim = (stream: string) => security.claim(stream, ACCESS, () => false);
    expect([await claim('agent-1'), await claim('agent-2')]).toEqual([false, true]);
  });

  it('keep what somebody else wrote at the same moment', async () => {
    const last = log.last.bind(log);
    let meanwhile = 3;
    jest.spyOn(log, 'last').mockImplementation(async (stream) => {
      const found = await last(stream);
      if (stream === '$settings' && (meanwhile -= 1) >= 0)
        await write('$settings', { $userStreamAcl: { $r: [`app-${String(meanwhile)}`] } });
      return found;
    });
    await security.confine({ owners: ['cairn'], others: [] });
    expect(written('$settings')).toHaveLength(4);
    expect(written('$settings').at(-1)).toMatchObject({ $userStreamAcl: { $r: ['app-0', 'cairn'] } });
  });

  it('leave the rest of the metadata of a stream', async () => {
    await write('$$agent-1', { $maxCount: 7, $acl: { $r: ['x'] } });
    await security.restrict('agent-1', ACCESS);
    expect(written('$$agent-1').at(-1)).toEqual({ $maxCount: 7, $acl: ACCESS });
  });
});
