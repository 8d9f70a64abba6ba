/** The system lacks something for now: descriptors, space, memory for buffers, processes. */
const WANT = new Set(['EMFILE', 'ENFILE', 'ENOSPC', 'EDQUOT', 'ENOBUFS', 'ENOMEM', 'EAGAIN']);

export function isWantOfResources(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && WANT.has(String(error.code));
}

/**
 * From now on, what is thrown where nobody catches it (in a timer, in an event) does not end the process if it says that
 * the system lacks something for now. Every other error is a bug, and ends it as before.
 */
export function surviveWantOfResources(told: (error: unknown) => void): void {
  process.on('uncaughtException', (error) => {
    if (isWantOfResources(error)) {
      told(error);
      return;
    }
    console.error(error);
    process.exit(1);
  });
}
