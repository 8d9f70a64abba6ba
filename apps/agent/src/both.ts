/** Waits for two things that go on at once. Fails only when both have ended: nothing of a job may go on behind it. */
export async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}
