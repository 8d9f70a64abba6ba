import { MemoryEventStore } from '../memory';
import type { NewEvent } from '../port';
import { claimedLog } from './claimed-log';
import { ownedBy } from './lists';

const eventOf = (n: number): NewEvent => ({ id: `id-${String(n)}`, type: 'test.noted.v1', data: { n }, metadata: {} });

describe('the log of a cloud on a server with others', () => {
  it('gives each stream an access list before its first event, and no second one', async () => {
    const memory = new MemoryEventStore();
    const log = claimedLog(memory, ['$admins', 'cairn']);
    await log.append('a-1', 'no-stream', [eventOf(1)]);
    await log.append('a-1', 'no-stream', [eventOf(1)]);
    await log.append('a-1', 0n, [eventOf(2)]);
    await log.keepLast('b-1', 1);
    await log.append('b-1', 'no-stream', [eventOf(3)]);
    expect(memory.all().map(({ stream }) => stream)).toEqual(['$$a-1', 'a-1', 'a-1', '$$b-1', 'b-1']);
    expect((await log.last('$$a-1'))?.data).toEqual({ $acl: ownedBy(['$admins', 'cairn']) });
  });

  it('does not begin a stream that could not be given one', async () => {
    const memory = new MemoryEventStore();
    jest.spyOn(memory, 'append').mockRejectedValue(new Error('away'));
    await expect(claimedLog(memory, ['cairn']).append('a-1', 'no-stream', [eventOf(1)])).rejects.toThrow('away');
    expect(memory.all()).toEqual([]);
  });

  it('is the log as it is where the default lists are enough', () => {
    const memory = new MemoryEventStore();
    expect(claimedLog(memory, [])).toBe(memory);
  });
});
