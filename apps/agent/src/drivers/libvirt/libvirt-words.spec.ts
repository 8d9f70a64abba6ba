import { blockDevices } from './disk-copies';
import { runStateOf } from './domains';
import { parseCpuinfo, parseMemTotalMb } from './host-facts';
import { versionNumber } from './libvirt-hypervisor';
import { readable } from './virsh';
import { escapeXml, unescapeXml, xml } from './xml';

/** What libvirt and the kernel say, and what we take it for. */
describe('the words of the host', () => {
  it.each([
    ['running\n', 'running'],
    ['in shutdown\n', 'running'],
    ['paused\n', 'paused'],
    ['pmsuspended\n', 'paused'],
    ['shut off\n', 'off'],
    ['crashed\n', 'off'],
  ])('takes the state %p for %p', (word, state) => {
    expect(runStateOf(word)).toBe(state);
  });

  it('counts the version of QEMU as nova does', () => {
    expect(versionNumber('Using API: QEMU 9.0.0\nRunning hypervisor: QEMU 7.2.22\n')).toBe(7_002_022);
    expect(() => versionNumber('Using API: QEMU 9.0.0\n')).toThrow(/version of QEMU/);
  });

  it('finds the disks of a guest on every bus', () => {
    const listed =
      ' Target   Source\n------------------\n sda      /i/a b/root\n hda      /i/drive.iso\n vda      -\n\n';
    expect(blockDevices(listed)).toEqual([
      { target: 'sda', source: '/i/a b/root' },
      { target: 'hda', source: '/i/drive.iso' },
      { target: 'vda', source: '-' },
    ]);
  });

  it('makes one line of an error, from the general to the particular', () => {
    const stderr = "error: Failed to start domain 'a'\nerror: internal error: process exited\n\n";
    expect(readable(stderr)).toBe("Failed to start domain 'a': internal error: process exited");
  });

  it('reads the memory that the kernel has', () => {
    expect(parseMemTotalMb('MemTotal:       24684036 kB\nMemFree:  1 kB\n')).toBe(24_105);
    expect(() => parseMemTotalMb('')).toThrow(/MemTotal/);
  });

  it('reads processors, sockets, cores and threads', () => {
    const cpu = (processor: number, socket: number): string =>
      `processor\t: ${String(processor)}\nvendor_id\t: GenuineIntel\nmodel name\t: Some CPU @ 2.00GHz\n` +
      `physical id\t: ${String(socket)}\nsiblings\t: 4\ncpu cores\t: 2\nflags\t\t: fpu vme  sse\n`;
    const eight = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => cpu(n, Math.floor(n / 4))).join('\n');
    expect(parseCpuinfo(eight)).toEqual({
      vcpus: 8,
      cpu: {
        arch: parseCpuinfo(eight).cpu.arch,
        model: 'Some CPU @ 2.00GHz',
        vendor: 'GenuineIntel',
        sockets: 2,
        cores: 2,
        threads: 2,
        features: ['fpu', 'vme', 'sse'],
      },
    });
  });

  it('does with what a sparse /proc/cpuinfo tells', () => {
    expect(parseCpuinfo('processor : 0\n\nprocessor : 1\n')).toMatchObject({
      vcpus: 2,
      cpu: { sockets: 1, cores: 1, threads: 1, features: [] },
    });
    expect(() => parseCpuinfo('')).toThrow(/no processor/);
  });
});

describe('XML', () => {
  it('comes back as it went in', () => {
    const text = `<&>"' ü &amp;`;
    expect(unescapeXml(escapeXml(text))).toBe(text);
  });

  it('refuses what it cannot carry', () => {
    expect(() => escapeXml('a\u0007')).toThrow(RangeError);
    expect(escapeXml('a\tb\n')).toBe('a\tb\n');
  });

  it('escapes values, not parts, and leaves out what is null', () => {
    const part = xml`<b v='${'<'}'/>`;
    expect(
      xml`<a>
${null}
${[part, part]}
</a>`.text,
    ).toBe("<a>\n<b v='&lt;'/>\n<b v='&lt;'/>\n</a>");
  });
});
