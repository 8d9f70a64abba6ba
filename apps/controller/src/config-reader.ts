/** A configuration that cannot be used, in words for the operator. */
export class ConfigError extends Error {}

const shown = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value));

type Rule<T> = (value: T) => boolean;

/** Reads values out of one JSON object, remembers which were asked for and names exactly what is wrong with one. */
export class ConfigReader {
  private readonly asked = new Set<string>();

  private constructor(
    private readonly values: Readonly<Record<string, unknown>>,
    private readonly path: string,
    /** Of a list's element: the element itself, where it is no object. */
    private readonly self: unknown,
  ) {}

  static of(value: unknown, path = ''): ConfigReader {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isObject) throw new ConfigError(`${path === '' ? 'The configuration' : path} must be a JSON object.`);
    return new ConfigReader(value as Record<string, unknown>, path, value);
  }

  static json(text: string, file: string): unknown {
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      throw new ConfigError(`${file} is not JSON: ${(error as Error).message}`, { cause: error });
    }
  }

  /** @param fallback where the key may be missing. */
  text(key: string, fallback?: string, rule: Rule<string> = (t) => t !== '', must = 'must not be empty'): string {
    const value = this.value(key) ?? fallback;
    if (value === undefined) throw new ConfigError(`${this.named(key)} is missing: it ${must}.`);
    if (typeof value !== 'string') throw new ConfigError(`${this.named(key)} is ${shown(value)}: it must be a text.`);
    if (!rule(value)) throw new ConfigError(`${this.named(key)} is ${shown(value)}: it ${must}.`);
    return value;
  }

  optionalText(key: string, rule: Rule<string>, must: string): string | null {
    return this.value(key) === undefined || this.value(key) === null ? null : this.text(key, undefined, rule, must);
  }

  integer(key: string, fallback: number, min: number, max: number): number {
    const value = this.value(key) ?? fallback;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
      const must = `must be a whole number from ${String(min)} to ${String(max)}`;
      throw new ConfigError(`${this.named(key)} is ${shown(value)}: it ${must}.`);
    }
    return value;
  }

  /** Whether the key is there and not null. */
  has(key: string): boolean {
    const value = this.value(key);
    return value !== undefined && value !== null;
  }

  /** An object within this one; empty where it is missing. */
  section(key: string): ConfigReader {
    return ConfigReader.of(this.value(key) ?? {}, this.named(key));
  }

  /** The elements of an array, empty where it is missing. Read a text element by the key ''. */
  list(key: string): readonly ConfigReader[] {
    const value = this.value(key) ?? [];
    if (!Array.isArray(value)) throw new ConfigError(`${this.named(key)} is ${shown(value)}: it must be a list.`);
    return value.map((element: unknown, i) => {
      const isObject = typeof element === 'object' && element !== null && !Array.isArray(element);
      return new ConfigReader(
        isObject ? (element as Record<string, unknown>) : {},
        `${this.named(key)}[${String(i)}]`,
        element,
      );
    });
  }

  /** @throws ConfigError when there is a key that nobody asked for. */
  end(): void {
    const unknown = Object.keys(this.values).find((key) => !this.asked.has(key));
    if (unknown !== undefined) throw new ConfigError(`${this.named(unknown)} is not a known setting.`);
  }

  private value(key: string): unknown {
    if (key === '') return this.self;
    this.asked.add(key);
    return own(this.values, key);
  }

  private named(key: string): string {
    if (key === '') return this.path;
    return this.path === '' ? key : `${this.path}.${key}`;
  }
}
import { own } from '@cairn/domain';
