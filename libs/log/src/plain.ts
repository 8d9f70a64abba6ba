/** Values within values that a line shows, and causes of an error. */
const DEEPEST = 6;

/** Names of fields that hold what nobody may read in a log. */
const SECRET =
  /^(.*password|passwd|admin_?pass|.*secret|token|x-.*-token|authorization|cookie|user_?data|private_?key)$/i;

/**
 * What JSON can hold of a value: errors with their stacks and causes, big integers as texts, nothing of secret fields, and
 * of what is too deep, or cannot be read, a word that says so.
 */
export function plain(value: unknown, depth = 0): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) return '(too deep)';
  if (value instanceof Error) return errorAsFields(value, depth);
  if (value instanceof Date) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => plain(item, depth + 1));
  return Object.fromEntries(Object.keys(value).map((name) => [name, field(value, name, depth)]));
}

/** Reading a field may throw, where it is computed. */
function field(value: object, name: string, depth: number): unknown {
  if (SECRET.test(name)) return '(secret)';
  try {
    return plain(Reflect.get(value, name), depth + 1);
  } catch (error) {
    return `(unreadable: ${String(error)})`;
  }
}

function errorAsFields(error: Error, depth: number): unknown {
  const cause = error.cause instanceof Error ? { cause: plain(error.cause, depth + 1) } : {};
  return { name: error.constructor.name, message: error.message, stack: error.stack, ...cause };
}
