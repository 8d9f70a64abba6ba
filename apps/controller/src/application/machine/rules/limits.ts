import { type Bandwidth, DomainError } from '@cairn/domain';

import { rule, type Rule } from '../rule';
import { whole } from '../values';

const refuse = (message: string): never => {
  throw new DomainError('invalid', 'machine.limits', message);
};

/** What libvirt takes for a limit; nova leaves its refusal to the host. */
const SHARES = whole(2, 262_144);
const PERIOD_US = whole(1_000, 1_000_000);
const QUOTA_US = whole(-1, 17_592_186_044_415);
/** 0: no limit. */
const RATE = whole(0, Number.MAX_SAFE_INTEGER);
/** In KiB: QEMU's traffic control counts bytes in 32 bits. */
const KIB = whole(0, 4_194_303);

export const limitRules: readonly Rule[] = [
  rule({
    specs: { 'quota:cpu_shares': SHARES, 'quota:cpu_period': PERIOD_US, 'quota:cpu_quota': QUOTA_US },
    effect:
      'The weight of the guest where guests compete for processors, and the microseconds of processor time (`cpu_quota`) that each ' +
      'of its processors has in a period (`cpu_period`).',
    gives({ specs }) {
      const [shares, periodUs, quotaUs] = [
        specs['quota:cpu_shares'],
        specs['quota:cpu_period'],
        specs['quota:cpu_quota'],
      ];
      if (quotaUs !== undefined && quotaUs >= 0 && quotaUs < 1_000)
        refuse('Invalid flavor extra spec. Error: quota:cpu_quota must be at least 1000, or negative for no limit');
      const cpuLimits = present({ shares, periodUs, quotaUs });
      return cpuLimits === undefined ? {} : { cpuLimits };
    },
  }),
  rule({
    specs: {
      'quota:disk_read_bytes_sec': RATE,
      'quota:disk_write_bytes_sec': RATE,
      'quota:disk_total_bytes_sec': RATE,
      'quota:disk_read_iops_sec': RATE,
      'quota:disk_write_iops_sec': RATE,
      'quota:disk_total_iops_sec': RATE,
    },
    effect:
      'How much, and how often, the guest reads from and writes to each disk in a second. A total excludes limits for reading and ' +
      'writing of the same kind. 0: no limit.',
    gives({ specs }) {
      const [readBytes, writeBytes] = [specs['quota:disk_read_bytes_sec'], specs['quota:disk_write_bytes_sec']];
      const [readIops, writeIops] = [specs['quota:disk_read_iops_sec'], specs['quota:disk_write_iops_sec']];
      const [totalBytes, totalIops] = [specs['quota:disk_total_bytes_sec'], specs['quota:disk_total_iops_sec']];
      requireEither('bytes', totalBytes, readBytes, writeBytes);
      requireEither('iops', totalIops, readIops, writeIops);
      const diskLimits = positive({ readBytes, writeBytes, totalBytes, readIops, writeIops, totalIops });
      return diskLimits === undefined ? {} : { diskLimits };
    },
  }),
  rule({
    specs: {
      'quota:vif_inbound_average': KIB,
      'quota:vif_inbound_peak': KIB,
      'quota:vif_inbound_burst': KIB,
      'quota:vif_outbound_average': KIB,
      'quota:vif_outbound_peak': KIB,
      'quota:vif_outbound_burst': KIB,
    },
    effect:
      'How fast each network interface takes and sends: on average and at most in KiB a second, and the KiB that may pass at the ' +
      'highest speed. A peak or a burst needs an average.',
    gives({ specs }) {
      const inbound = bandwidth(
        'inbound',
        specs['quota:vif_inbound_average'],
        specs['quota:vif_inbound_peak'],
        specs['quota:vif_inbound_burst'],
      );
      const outbound = bandwidth(
        'outbound',
        specs['quota:vif_outbound_average'],
        specs['quota:vif_outbound_peak'],
        specs['quota:vif_outbound_burst'],
      );
      const nicLimits = present({ inbound, outbound });
      return nicLimits === undefined ? {} : { nicLimits };
    },
  }),
];

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** What is set; undefined if nothing is. */
function present<T extends object>(values: T): Given<T> | undefined {
  const set = Object.entries(values).filter(([, value]) => value !== undefined);
  return set.length === 0 ? undefined : (Object.fromEntries(set) as Given<T>);
}

const positive = <T extends Readonly<Record<string, number | undefined>>>(values: T): Given<T> | undefined =>
  present(Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value || undefined])) as T);

/** QEMU takes a total or limits of its parts. */
function requireEither(what: string, total = 0, read = 0, write = 0): void {
  if (total > 0 && (read > 0 || write > 0))
    refuse(`Invalid flavor extra spec. Error: total and read/write of ${what}_sec cannot be set at the same time`);
}

function bandwidth(direction: string, average = 0, peak = 0, burst = 0): Bandwidth | undefined {
  if (average === 0 && (peak > 0 || burst > 0))
    refuse(`Invalid flavor extra spec. Error: quota:vif_${direction}_average is missing`);
  if (average === 0) return undefined;
  return { average, ...(peak === 0 ? {} : { peak }), ...(burst === 0 ? {} : { burst }) };
}
