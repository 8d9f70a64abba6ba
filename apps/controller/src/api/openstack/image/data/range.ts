import type { ByteRange } from '../../../../blobs';

/**
 * The one range of a Range header (`bytes=0-99`, `bytes=100-`, `bytes=-100`) of a blob of that size. Undefined stands for
 * all of it: without the header, or with one of a form that a server may ignore (RFC 9110, 14.2), such as several ranges.
 */
export function rangeOf(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') return { first: Math.max(0, sizeBytes - Number(last)), last: sizeBytes - 1 };
  if (last !== '' && Number(last) < Number(first)) return undefined;
  return { first: Number(first), last: last === '' ? sizeBytes - 1 : Number(last) };
}
