/** After so many bytes it is asked again whether there may be more. */
const STEP_BYTES = 16 * 1024 * 1024;

/**
 * Passes bytes on that may be too many, and asks before the first of them and now and then whether there may be more.
 * @param ask is told how many have come and how many of them are about to be passed on; ends it all by throwing
 * @returns how many there were
 */
export async function* inSteps(
  bytes: AsyncIterable<Uint8Array>,
  ask: (come: number, next: number) => Promise<void>,
): AsyncGenerator<Uint8Array, number> {
  let come = 0;
  let asked = -STEP_BYTES;
  for await (const chunk of bytes) {
    come += chunk.byteLength;
    if (come - asked > STEP_BYTES) {
      await ask(come, chunk.byteLength);
      asked = come;
    }
    yield chunk;
  }
  return come;
}
