import { formatIpv4, parseIpv4 } from '../network/ipv4';
import type { FloatingRange } from './events';

export type Bounds = Pick<FloatingRange, 'first' | 'last'>;

/** A range with its addresses as numbers. */
interface Block {
  readonly first: number;
  readonly last: number;
  readonly interface: string | null;
}

const blockOf = ({ first, last, interface: at = null }: Bounds & Partial<FloatingRange>): Block => ({
  first: parseIpv4(first) ?? 0,
  last: parseIpv4(last) ?? 0,
  interface: at,
});

const rangeOf = ({ first, last, interface: at }: Block): FloatingRange => ({
  first: formatIpv4(first),
  last: formatIpv4(last),
  interface: at,
});

/** The first address that is in both, or undefined. */
export function commonAddress(ranges: readonly FloatingRange[], other: Bounds): string | undefined {
  const { first, last } = blockOf(other);
  const met = ranges.map(blockOf).find((block) => block.first <= last && first <= block.last);
  return met === undefined ? undefined : formatIpv4(Math.max(met.first, first));
}

/** What is left of ranges without those addresses. */
export function withoutRange(ranges: readonly FloatingRange[], gone: Bounds): readonly FloatingRange[] {
  const { first, last } = blockOf(gone);
  return ranges.map(blockOf).flatMap((block): FloatingRange[] => {
    if (block.last < first || last < block.first) return [rangeOf(block)];
    const before = block.first < first ? [rangeOf({ ...block, last: first - 1 })] : [];
    const after = block.last > last ? [rangeOf({ ...block, first: last + 1 })] : [];
    return [...before, ...after];
  });
}

export function isIn(bounds: Bounds, address: string): boolean {
  const { first, last } = blockOf(bounds);
  const n = parseIpv4(address) ?? -1;
  return n >= first && n <= last;
}

const sizeOf = ({ first, last }: Block): number => last - first + 1;

/** Every address of a range, in order. */
export function addressesIn(bounds: Bounds): readonly string[] {
  const block = blockOf(bounds);
  return Array.from({ length: sizeOf(block) }, (_, i) => formatIpv4(block.first + i));
}

/**
 * The next address after `last` that is free, around all ranges: addresses are given again as late as possible.
 * @param taken of these ranges only.
 */
export function nextFree(
  ranges: readonly FloatingRange[],
  taken: { readonly size: number; has(address: string): boolean },
  last: string | undefined,
): string | undefined {
  const blocks = ranges.map(blockOf);
  const size = blocks.reduce((sum, block) => sum + sizeOf(block), 0);
  if (taken.size >= size) return undefined;
  const start = last === undefined ? 0 : placeAfter(blocks, parseIpv4(last) ?? 0);
  for (let i = 0; i < size; i += 1) {
    const address = formatIpv4(addressAt(blocks, (start + i) % size));
    if (!taken.has(address)) return address;
  }
  return undefined;
}

/** Counts the addresses up to and with that one; 0 for one that is in no block. */
function placeAfter(blocks: readonly Block[], n: number): number {
  let before = 0;
  for (const block of blocks) {
    if (n >= block.first && n <= block.last) return before + n - block.first + 1;
    before += sizeOf(block);
  }
  return 0;
}

function addressAt(blocks: readonly Block[], place: number): number {
  let rest = place;
  for (const block of blocks) {
    if (rest < sizeOf(block)) return block.first + rest;
    rest -= sizeOf(block);
  }
  return 0;
}
