import { ValidateBy, ValidateIf, type ValidationArguments } from 'class-validator';
import { excerptOf } from './excerpt';
import { isLine, isOfLength, isProse, isStorable } from './text';

/** Rules of the fields of bodies that hold text, in the words of JSON Schema, which OpenStack's services use. */

/** The field may be missing. Unlike `@IsOptional()` it may not be null: nova's schemas tell the two apart. */
export const MayBeAbsent = (): PropertyDecorator => ValidateIf((_, value: unknown) => value !== undefined);

/** The field may be missing or null. */
export const MayBeNull = (): PropertyDecorator =>
  ValidateIf((_, value: unknown) => value !== undefined && value !== null);

/** A rule with its own words. */
export const rule = (
  name: string,
  holds: (value: unknown) => boolean,
  says: (value: unknown) => string,
): PropertyDecorator =>
  ValidateBy({
    name,
    validator: {
      validate: holds,
      defaultMessage: (validation?: ValidationArguments) => says(validation?.value),
    },
  });

/** A rule that says itself what is wrong with a value; undefined where nothing is. */
export const faultRule = (name: string, faultOf: (value: unknown) => string | undefined): PropertyDecorator =>
  rule(
    name,
    (value) => faultOf(value) === undefined,
    (value) => faultOf(value) ?? 'is not valid',
  );

const MAX_SHOWN = 256;

/** A value as a message may show it: short. */
export function shown(value: unknown): string {
  if (value === undefined) return 'None';
  if (typeof value !== 'string') return excerptOf(value, MAX_SHOWN, () => false);
  return value.length > MAX_SHOWN ? `'${value.slice(0, MAX_SHOWN)}…` : `'${value}'`;
}

/** Text of so many characters that pass a check. @param otherwise says what they must be. */
const textRule =
  (name: string, passes: (text: string) => boolean, otherwise: string) =>
  (min: number, max: number): PropertyDecorator =>
    faultRule(name, (value) => {
      if (typeof value !== 'string') return `${shown(value)} is not of type 'string'`;
      if (!isOfLength(value, min, max)) return `${shown(value)} is too ${value.length < min ? 'short' : 'long'}`;
      return passes(value) ? undefined : otherwise;
    });

/** nova's words for a name that is none (26.1, `parameter_types.name`). */
const NO_NAME =
  'An invalid name was provided. The name must be: printable characters. Can not start or end with whitespace.';

/** One line of text: see `isLine`. */
export const IsLine = textRule('isLine', isLine, NO_NAME);

/** A name: a line that is not empty. */
export const IsName = (max = 255): PropertyDecorator => IsLine(1, max);

const lines = textRule('isProse', isProse, 'An invalid text was provided. It must be printable characters, in lines.');

/** What people write about a thing, also in several lines, or nothing: see `isProse`. */
export const IsDescription = (max = 255): PropertyDecorator => lines(0, max);

/** Any text that can be stored. */
export const IsText = textRule('isText', isStorable, 'It holds a character that cannot be stored.');

const KEY = /^[a-zA-Z0-9\-_:. ]{1,255}$/;

/** What may be a value of a map besides text. */
interface Besides {
  readonly nulls?: boolean;
  readonly numbers?: boolean;
}

/**
 * The first thing that is wrong with a map of texts, in nova's words; undefined when nothing is. It has keys of 1 to 255
 * plain characters, and values of at most 255 characters of any kind.
 */
export function mapFault(value: unknown, { nulls = false, numbers = false }: Besides): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return `${shown(value)} is not of type 'object'`;
  for (const [key, item] of Object.entries(value)) {
    if (!KEY.test(key)) return `Additional properties are not allowed (${shown(key)} was unexpected)`;
    if (item === null && nulls) continue;
    if (typeof item !== 'string' && !(numbers && typeof item === 'number'))
      return `${shown(item)} is not of type 'string'${numbers ? ", 'number'" : ''}`;
    if (!isOfLength(String(item), 0, 255)) return `${shown(item)} is too long`;
    if (!isStorable(String(item))) return `${shown(key)} holds a character that cannot be stored`;
  }
  return undefined;
}

/** See `mapFault`. */
export const mapRule = (name: string, besides: Besides = {}): PropertyDecorator =>
  faultRule(name, (value) => mapFault(value, besides));

/** nova's `parameter_types.metadata`. */
export const IsMetadata = (): PropertyDecorator => mapRule('isMetadata');

/** nova's `parameter_types.metadata_with_null`: null takes a key away. */
export const IsMetadataOrNulls = (): PropertyDecorator => mapRule('isMetadata', { nulls: true });
