/** The file system's code of an error (`ENOENT`), undefined for errors without one. */
export const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
