/** Statements of few different lengths, so that each is prepared once. */
const LARGEST = 64;

/** Cuts a list into pieces whose lengths are powers of two. */
export function* powersOfTwo<T>(items: readonly T[], largest = LARGEST): Generator<readonly T[]> {
  let size = largest;
  for (let from = 0; from < items.length; from += size) {
    while (size > items.length - from) size /= 2;
    yield items.slice(from, from + size);
  }
}

/** Cuts a list of keys into pieces whose lengths are powers of two, the last filled up by repeating its last key. */
export function* padded(keys: readonly string[], largest = LARGEST): Generator<readonly string[]> {
  for (let from = 0; from < keys.length; from += largest) {
    const piece = keys.slice(from, from + largest);
    const size = 2 ** Math.ceil(Math.log2(piece.length));
    yield [...piece, ...Array.from({ length: size - piece.length }, () => piece.at(-1) as string)];
  }
}
