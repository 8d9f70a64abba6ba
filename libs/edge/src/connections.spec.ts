import { EventEmitter } from 'node:events';
import { Connections, sourceOf } from './connections';

class FakeSocket extends EventEmitter {
  destroyed = false;

  constructor(
    readonly remoteAddress: string,
    readonly remotePort: number,
  ) {
    super();
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.emit('close');
  }
}

let port = 1000;
const socket = (address: string): FakeSocket => new FakeSocket(address, (port += 1));

/** Opens connections and says of each new one why it was refused. */
const open = (connections: Connections, ...sockets: readonly FakeSocket[]) =>
  sockets.map((one) => connections.admit(one));

describe('the connections of a listener', () => {
  it('give place when there are too many, the one that has been idle longest', () => {
    const connections = new Connections({ total: 10, perAddress: 3 });
    const [a, b, c, d, e] = Array.from({ length: 5 }, () => socket('192.0.2.1')) as [FakeSocket, ...FakeSocket[]];
    open(connections, a, b as FakeSocket, c as FakeSocket);
    connections.use(a)(); // has had a request, which is over
    expect(open(connections, d as FakeSocket, e as FakeSocket)).toEqual([undefined, undefined]);
    expect([a, b, c, d, e].map((one) => one?.destroyed)).toEqual([false, true, true, false, false]);
    expect([connections.size, connections.refused]).toEqual([3, 2]);
  });

  it('stay while a request is under way: then it is the new one that is refused', () => {
    const connections = new Connections({ total: 10, perAddress: 2 });
    const [a, b] = [socket('192.0.2.1'), socket('192.0.2.1')];
    open(connections, a, b);
    const ends = [a, b].map((one) => connections.use(one));
    const late = socket('::ffff:192.0.2.1');
    expect(open(connections, late)).toEqual(['address']);
    expect(open(connections, socket('192.0.2.2'))).toEqual([undefined]);
    ends[1]?.();
    expect(open(connections, socket('192.0.2.1'))).toEqual([undefined]);
    expect([a.destroyed, b.destroyed]).toEqual([false, true]);
  });

  it('of the address that has most give place to those of another', () => {
    const connections = new Connections({ total: 5, perAddress: 4 });
    const many = Array.from({ length: 4 }, () => socket('192.0.2.1'));
    const one = socket('192.0.2.2');
    open(connections, one, ...many);
    expect(open(connections, socket('192.0.2.3'))).toEqual([undefined]);
    expect([one.destroyed, many[0]?.destroyed]).toEqual([false, true]);
    for (const each of [one, ...many]) connections.use(each);
    expect(open(connections, socket('192.0.2.4'))).toEqual([undefined]); // the third address had one that was idle
    expect(connections.size).toBe(5);
  });

  it('are all at work: nobody gives place', () => {
    const connections = new Connections({ total: 2, perAddress: 2 });
    const both = [socket('192.0.2.1'), socket('192.0.2.2')];
    open(connections, ...both);
    for (const each of both) connections.use(each);
    expect(open(connections, socket('192.0.2.3'))).toEqual(['total']);
    both[0]?.destroy();
    expect(open(connections, socket('192.0.2.3'))).toEqual([undefined]);
    expect(connections.size).toBe(2);
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('of %s count for %s', (address, source) => {
    expect(sourceOf(address)).toBe(source);
  });
});
