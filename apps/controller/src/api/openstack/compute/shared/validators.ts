import { isIP } from 'node:net';
import { isBridgeName } from '@cairn/host-protocol';
import { ValidateBy, ValidateIf, type ValidationArguments } from 'class-validator';

/** The field may be missing. Unlike `@IsOptional()` it may not be null: nova's schemas tell the two apart. */
export const MayBeAbsent = (): PropertyDecorator => ValidateIf((_, value: unknown) => value !== undefined);

/** A rule in nova's words. */
const rule = (name: string, holds: (value: unknown) => boolean, says: (value: unknown) => string): PropertyDecorator =>
  ValidateBy({
    name,
    validator: {
      validate: holds,
      defaultMessage: (validation?: ValidationArguments) => says(validation?.value),
    },
  });

/** A value as a message may show it: short. */
export function shown(value: unknown): string {
  if (value === undefined) return 'None';
  const text = typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
  return text.length > 256 ? `${text.slice(0, 256)}…` : text;
}

const UNPRINTABLE = /\p{Cc}/u;

const isName = (value: unknown, max = 255): value is string =>
  typeof value === 'string' &&
  value.length >= 1 &&
  value.length <= max &&
  value.trim() === value &&
  !UNPRINTABLE.test(value);

/** nova's `parameter_types.name`: 1 to 255 printable characters, no blanks at either end. */
export const IsName = (max = 255): PropertyDecorator =>
  rule(
    'isName',
    (value) => isName(value, max),
    (value) => {
      if (typeof value !== 'string') return `${shown(value)} is not of type 'string'`;
      if (value === '') return "'' is too short";
      if (value.length > max) return `${shown(value)} is too long`;
      return 'An invalid name was provided. The name must be: printable characters. Can not start or end with whitespace.';
    },
  );

/** Text of some length, which may hold line ends. */
export const IsTextOf = (min: number, max: number): PropertyDecorator =>
  rule(
    'isTextOf',
    (value) => typeof value === 'string' && value.length >= min && value.length <= max,
    (value) => {
      if (typeof value !== 'string') return `${shown(value)} is not of type 'string'`;
      return `${shown(value)} is too ${value.length < min ? 'short' : 'long'}`;
    },
  );

export const isInteger = (value: unknown, min: number, max: number): boolean => {
  const number = typeof value === 'string' && /^-?\d{1,10}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max;
};

/** An integer, also as text, as nova takes them. */
export const IsIntegerLike = (min: number, max: number): PropertyDecorator =>
  rule(
    'isIntegerLike',
    (value) => isInteger(value, min, max),
    (value) => {
      if (!isInteger(value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER))
        return `${shown(value)} is not of type 'integer'`;
      return Number(value) < min
        ? `${shown(value)} is less than the minimum of ${String(min)}`
        : `${shown(value)} is greater than the maximum of ${String(max)}`;
    },
  );

const TRUE = new Set<unknown>([true, 'True', 'TRUE', 'true', '1', 'ON', 'On', 'on', 'YES', 'Yes', 'yes']);
const FALSE = new Set<unknown>([false, 'False', 'FALSE', 'false', '0', 'OFF', 'Off', 'off', 'NO', 'No', 'no']);

/** What nova takes for true or false; undefined for anything else. */
export const booleanOf = (value: unknown): boolean | undefined =>
  TRUE.has(value) ? true : FALSE.has(value) ? false : undefined;

export const IsBooleanLike = (): PropertyDecorator =>
  rule(
    'isBooleanLike',
    (value) => booleanOf(value) !== undefined,
    (value) =>
      `${shown(value)} is not one of [True, 'True', 'TRUE', 'true', '1', False, 'False', 'FALSE', 'false', '0']`,
  );

export const IsOneOf = (...values: readonly (string | boolean | null)[]): PropertyDecorator =>
  rule(
    'isOneOf',
    (value) => values.includes(value as string),
    (value) => `${shown(value)} is not one of [${values.map(shown).join(', ')}]`,
  );

export const IsIpv4 = (): PropertyDecorator =>
  rule(
    'isIpv4',
    (value) => typeof value === 'string' && isIP(value) === 4,
    (value) => `${shown(value)} is not a 'ipv4'`,
  );

/** An address of that version; the empty text is none. */
export const IsAddressOrNone = (version: 4 | 6): PropertyDecorator =>
  rule(
    'isAddressOrNone',
    (value) => value === '' || (typeof value === 'string' && isIP(value) === version && !value.includes('%')),
    (value) => `${shown(value)} is not a 'ipv${String(version)}'`,
  );

/** Null for the empty text; addresses of version 6 as they are written shortest. */
export const addressOrNone = (text: string): string | null => {
  if (text === '') return null;
  return isIP(text) === 6 ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text;
};

/** A name that hosts can give to a bridge. */
export const IsBridge = (): PropertyDecorator =>
  rule(
    'isBridge',
    (value) => typeof value === 'string' && isBridgeName(value),
    (value) => `${shown(value)} is not a name for a network interface`,
  );

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);

export const IsUuidText = (): PropertyDecorator =>
  rule('isUuidText', isUuid, (value) => `${shown(value)} is not a 'uuid'`);

const METADATA_KEY = /^[a-zA-Z0-9\-_:. ]{1,255}$/;

/** The first thing that is wrong with metadata, in nova's words; undefined when nothing is. */
function metadataFault(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return `${shown(value)} is not of type 'object'`;
  for (const [key, item] of Object.entries(value)) {
    if (!METADATA_KEY.test(key)) return `Additional properties are not allowed (${shown(key)} was unexpected)`;
    if (typeof item !== 'string') return `${shown(item)} is not of type 'string'`;
    if (item.length > 255) return `${shown(item)} is too long`;
  }
  return undefined;
}

/** nova's `parameter_types.metadata`: keys of 1 to 255 plain characters, values of at most 255. */
export const IsMetadata = (): PropertyDecorator =>
  rule(
    'isMetadata',
    (value) => metadataFault(value) === undefined,
    (value) => metadataFault(value) ?? 'is not valid',
  );

/** The bytes of base64 text, which may be broken into lines; undefined when it is none. */
export function decodeBase64(text: string): Buffer | undefined {
  const joined = text.replace(/[\r\n\t ]/g, '');
  if (joined.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(joined)) return undefined;
  return Buffer.from(joined, 'base64');
}
