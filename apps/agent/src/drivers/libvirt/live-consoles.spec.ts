import { consolesOf } from './live-consoles';

const running = (graphics: string, serial = "<source path='/dev/pts/3'/>"): string => `<domain type='qemu' id='7'>
  <source path='/dev/pts/9'/>
  <devices><serial type='pty'>${serial}<log file='/x/console.log' append='on'/><target port='0'/></serial>${graphics}</devices>
</domain>`;

describe('consoles of a domain that runs', () => {
  it('are a socket of the host and a pseudo-terminal', () => {
    const graphics = "<graphics type='vnc' socket='/run/a&amp;b/vnc.sock'><listen type='socket'/></graphics>";
    expect(consolesOf(running(graphics))).toEqual({ run: '7', screen: '/run/a&b/vnc.sock', serial: '/dev/pts/3' });
  });

  it('are a port of the loopback of a guest that an older agent started', () => {
    const graphics = "<graphics type='vnc' port='5901' autoport='yes' listen='127.0.0.1'/>";
    expect(consolesOf(running(graphics))?.screen).toBe(5901);
  });

  it('may be missing', () => {
    expect(consolesOf(running("<graphics type='vnc' port='-1' autoport='yes'/>", ''))).toEqual({
      run: '7',
      screen: null,
      serial: null,
    });
    expect(consolesOf(running('', "<source path='/etc/passwd'/>"))?.serial).toBeNull();
    expect(consolesOf("<domain type='qemu'><name>x</name></domain>")).toBeNull();
  });
});
