import { DomainError, type Hardware } from '@cairn/domain';

/** 0: as may be. */
export type Counts = NonNullable<Hardware['cpuTopology']>;

interface Wishes {
  readonly wanted: Counts;
  readonly most: Counts;
}

const PARTS = ['sockets', 'cores', 'threads'] as const;

/** More than any guest has. */
const UNLIMITED = 65_536;

const refuse = (code: string, message: string): never => {
  throw new DomainError('invalid', code, message);
};

const listed = ({ sockets, cores, threads }: Counts): string =>
  `(sockets=${String(sockets)}, cores=${String(cores)}, threads=${String(threads)})`;

const exceeds = (counts: Counts, limits: Counts): boolean =>
  PARTS.some((part) => limits[part] > 0 && counts[part] > limits[part]);

const isAsked = (counts: Counts): boolean => PARTS.some((part) => counts[part] > 0);

/**
 * nova's choice (`nova/virt/hardware.py`): the arrangement of so many processors within the limits that has most of what
 * is preferred; of equal ones that with the fewest threads, then that with the most sockets.
 * @throws DomainError `invalid`, in nova's words.
 */
export function bestTopology(vcpus: number, { image, flavor }: Readonly<Record<'image' | 'flavor', Wishes>>): Counts {
  if (exceeds(image.most, flavor.most))
    refuse(
      'machine.topology-limits',
      `Image vCPU topology limits ${listed(image.most)} exceeds the limits of the flavor ${listed(flavor.most)}`,
    );
  const [sockets, cores, threads] = PARTS.map((part) => image.most[part] || flavor.most[part] || UNLIMITED);
  const most = { sockets: sockets ?? 0, cores: cores ?? 0, threads: threads ?? 0 };
  if (exceeds(image.wanted, most))
    refuse(
      'machine.topology',
      `Image vCPU topology ${listed(image.wanted)} exceeds the limits of the flavor or image ${listed(most)}`,
    );
  const preferred = isAsked(image.wanted) || exceeds(flavor.wanted, most) ? image.wanted : flavor.wanted;
  const agreeing = (counts: Counts): number => PARTS.filter((part) => counts[part] === preferred[part]).length;
  const [best] = possible(vcpus, most).sort((a, b) => agreeing(b) - agreeing(a));
  if (best !== undefined) return best;
  const limits = PARTS.map((part) => String(Math.min(vcpus, most[part]))).join(':');
  return refuse(
    'machine.topology-impossible',
    `Requested vCPU limits ${limits} are impossible to satisfy for vcpus count ${String(vcpus)}`,
  );
}

/** The best first, without a preference. */
function possible(vcpus: number, most: Counts): Counts[] {
  const divisors = (of: number): readonly number[] =>
    Array.from({ length: of }, (_, i) => i + 1).filter((each) => of % each === 0);
  return divisors(vcpus)
    .flatMap((threads) =>
      divisors(vcpus / threads).map((cores) => ({ sockets: vcpus / threads / cores, cores, threads })),
    )
    .filter((counts) => !exceeds(counts, most))
    .sort((a, b) => a.threads - b.threads || b.sockets - a.sockets);
}
