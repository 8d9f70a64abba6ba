import type { GuestDiagnostics } from '@cairn/host-protocol';

type Counts = Omit<GuestDiagnostics, 'power' | 'virtType'>;

/** `key=value` lines of `virsh domstats`; the first line names the domain. */
function statsIn(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').map((line) => /^\s*([a-z0-9_.-]+)=(.*)$/i.exec(line));
  return new Map(lines.flatMap((match) => (match === null ? [] : [[match[1] ?? '', match[2]?.trim() ?? ''] as const])));
}

/** The MAC address of each interface by its device: the first and the fifth column of `virsh domiflist`. */
export function macsIn(text: string): ReadonlyMap<string, string> {
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/));
  return new Map(rows.filter((row) => row.length >= 5).map((row) => [row[0] ?? '', row[4] ?? '']));
}

/**
 * What libvirt counts of a running guest.
 * @param domstats with its groups balloon, vcpu, interface and block
 */
export function countsOf(domstats: string, domiflist: string): Counts {
  const stats = statsIn(domstats);
  const macs = macsIn(domiflist);
  const number = (key: string): number => {
    const value = Number(stats.get(key) ?? 0);
    return Number.isSafeInteger(value) && value >= 0 ? value : 0;
  };
  const each = <T>(group: string, counts: (prefix: string, id: number) => T): T[] =>
    Array.from({ length: number(`${group}.${group === 'vcpu' ? 'maximum' : 'count'}`) }, (_, id) =>
      counts(`${group}.${String(id)}`, id),
    );
  const traffic = (prefix: string, way: 'rx' | 'tx'): readonly number[] =>
    ['bytes', 'pkts', 'errs', 'drop'].map((what) => number(`${prefix}.${way}.${what}`));
  return {
    memoryMaxKb: number('balloon.maximum'),
    memoryUsedKb: number('balloon.current'),
    memory: memoryOf([...stats.keys()], number),
    cpus: each('vcpu', (prefix, id) => ({ id, timeNs: number(`${prefix}.time`) })),
    disks: each('block', (prefix) => ({
      device: stats.get(`${prefix}.name`) ?? '',
      readRequests: number(`${prefix}.rd.reqs`),
      readBytes: number(`${prefix}.rd.bytes`),
      writeRequests: number(`${prefix}.wr.reqs`),
      writeBytes: number(`${prefix}.wr.bytes`),
    })),
    nics: each('net', (prefix) => {
      const device = stats.get(`${prefix}.name`) ?? '';
      const [rxBytes = 0, rxPackets = 0, rxErrors = 0, rxDrop = 0] = traffic(prefix, 'rx');
      const [txBytes = 0, txPackets = 0, txErrors = 0, txDrop = 0] = traffic(prefix, 'tx');
      const received = { rxBytes, rxPackets, rxErrors, rxDrop };
      return { device, mac: macs.get(device) ?? '', ...received, txBytes, txPackets, txErrors, txDrop };
    }),
  };
}

/** The balloon's counters under the names that libvirt's API has for them. */
function memoryOf(keys: readonly string[], number: (key: string) => number): Counts['memory'] {
  const names = keys.flatMap((key) => (/^balloon\.[a-z0-9_.-]+$/.test(key) ? [key.slice('balloon.'.length)] : []));
  return Object.fromEntries(
    names
      .filter((name) => name !== 'maximum')
      .map((name) => [name === 'current' ? 'actual' : name, number(`balloon.${name}`)]),
  );
}
