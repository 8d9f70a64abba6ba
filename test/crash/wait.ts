/** Does something again and again for as long as that, and fails as soon as it fails. */
export async function throughout(ms: number, everyMs: number, act: () => Promise<void>): Promise<void> {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    await act();
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
