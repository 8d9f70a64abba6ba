export interface Options {
  /** Which tests, as stestr takes it: an expression that the id must contain. */
  readonly regex: string;
  /** Rewrite the lists instead of complaining of them. */
  readonly update: boolean;
  /** Only some of the tests that must pass, for about that long; which ones follows from `turn`. */
  readonly seconds: number | undefined;
  readonly turn: string;
}

export const USAGE = 'usage: ./cairn test tempest [--update] [--seconds N [--turn KEY]] [REGEX]';

/** @throws Error with the usage. */
export function optionsOf(args: readonly string[], turn: string): Options {
  let options: Options = { regex: '^tempest', update: false, seconds: undefined, turn };
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    const value = args[i + 1];
    if (arg === '--update') options = { ...options, update: true };
    else if (arg === '--seconds' && /^[1-9]\d*$/.test(value ?? ''))
      options = { ...options, seconds: Number(args[++i]) };
    else if (arg === '--turn' && value !== undefined) options = { ...options, turn: args[++i] ?? turn };
    else if (arg.startsWith('-') || arg === '') throw new Error(USAGE);
    else options = { ...options, regex: arg };
  }
  if (options.update && options.seconds !== undefined) throw new Error(USAGE);
  return options;
}
