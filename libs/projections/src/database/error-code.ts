/** The code of an error of a database driver, also where TypeORM has wrapped it; empty where it has none. */
export function codeOf(error: unknown): string {
  const { code, driverError } = Object(error) as {
    readonly code?: unknown;
    readonly driverError?: { readonly code?: unknown };
  };
  const found = code ?? driverError?.code;
  return typeof found === 'string' ? found : '';
}
