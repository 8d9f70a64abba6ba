import { domainChange } from './domain-events';

describe("a line of virsh's events", () => {
  it.each([
    ["event 'lifecycle' for domain 'instance-0000000a': Stopped Shutdown", 'instance-0000000a', 'The guest shut down.'],
    ["event 'lifecycle' for domain instance-00000001: Suspended I/O Error", 'instance-00000001', /its disk failed/],
    ["event 'lifecycle' for domain 'x': Shutdown Finished after guest request", 'x', 'The guest shut down.'],
    ["event 'lifecycle' for domain 'other': Defined Updated", 'other', 'libvirt says: Defined Updated.'],
  ])('%s', (line, name, cause) => {
    expect(domainChange(line)).toEqual({ name, cause: expect.stringMatching(cause) as string });
  });

  it.each(['', 'events received: 1', "event 'reboot' for domain 'a'"])('tells of no change: %j', (line) => {
    expect(domainChange(line)).toBeUndefined();
  });
});
