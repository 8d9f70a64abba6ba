import { hostNameOf } from './server-host-name';

const id = '6f1c2a34-0000-5000-8000-000000000001';

describe('host name of a server', () => {
  it.each([
    ['web', 'web'],
    ['My Server_1', 'my-server-1'],
    ['Zürich', 'zurich'],
    ['-edge-', 'edge'],
    ['a.b', 'a-b'],
    ['x'.repeat(80), 'x'.repeat(63)],
    [`${'y'.repeat(62)}-z`, 'y'.repeat(62)],
  ])('from %s is %s', (name, expected) => {
    expect(hostNameOf(name, id)).toBe(expected);
  });

  it.each(['日本', '!!!', '   '])('falls back to the id when nothing of "%s" is left', (name) => {
    expect(hostNameOf(name, id)).toBe(`server-${id}`);
    expect(hostNameOf(name, id).length).toBeLessThanOrEqual(63);
  });
});
