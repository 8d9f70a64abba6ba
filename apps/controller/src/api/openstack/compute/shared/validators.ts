import { isIP } from 'node:net';
import { parseIpv6 } from '@cairn/domain';
import { isFreeBridgeName } from '@cairn/host-protocol';
import { isOfLength, isStorable, rule, shown } from '../../../http';

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

const HOSTNAME = /^[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]$/;

/** A host name without its domain, of 2 to 63 characters (nova: `parameter_types.hostname`). */
export const IsHostname = (): PropertyDecorator =>
  rule(
    'isHostname',
    (value) => typeof value === 'string' && value.length <= 63 && HOSTNAME.test(value),
    (value) => `${shown(value)} is not a host name of 2 to 63 letters, digits and hyphens`,
  );

const PROJECT = /^[a-zA-Z0-9-]{1,255}$/;

/** The id of a project, or null for none (nova: `parameter_types.project_id`). */
export const IsProjectIdOrNull = (): PropertyDecorator =>
  rule(
    'isProjectId',
    (value) => value === null || (typeof value === 'string' && PROJECT.test(value)),
    (value) => `${shown(value)} does not match '^[a-zA-Z0-9-]*$'`,
  );

export const IsTextOrNull = (): PropertyDecorator =>
  rule(
    'isTextOrNull',
    (value) => value === null || (typeof value === 'string' && isOfLength(value, 0, 255) && isStorable(value)),
    (value) => `${shown(value)} is not of type 'string', 'null'`,
  );

export const IsIpv4 = (): PropertyDecorator =>
  rule(
    'isIpv4',
    (value) => typeof value === 'string' && isIP(value) === 4,
    (value) => `${shown(value)} is not a 'ipv4'`,
  );

/** Whether it is an address of either version, without a zone. */
export const isAddress = (text: string): boolean => isIP(text) !== 0 && !text.includes('%');

/** An address of either version (nova: `parameter_types.ip_address`). */
export const IsIpAddress = (): PropertyDecorator =>
  rule(
    'isIpAddress',
    (value) => typeof value === 'string' && isAddress(value),
    (value) => `${shown(value)} is not a 'ipv4' or 'ipv6'`,
  );

export const IsIpv6 = (): PropertyDecorator =>
  rule(
    'isIpv6',
    (value) => typeof value === 'string' && parseIpv6(value) !== undefined,
    (value) => `${shown(value)} is not a 'ipv6'`,
  );

/** An address of that version; the empty text is none. */
export const IsAddressOrNone = (version: 4 | 6): PropertyDecorator =>
  rule(
    'isAddressOrNone',
    (value) => value === '' || (typeof value === 'string' && isIP(value) === version && !value.includes('%')),
    (value) => `${shown(value)} is not a 'ipv${String(version)}'`,
  );

/** An address as it is written shortest. */
export const shortest = (address: string): string =>
  isIP(address) === 6 ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;

/** Null for the empty text; addresses as they are written shortest. */
export const addressOrNone = (text: string): string | null => (text === '' ? null : shortest(text));

/** A name that hosts can give to a bridge, and that is not one of their own devices. */
export const IsBridge = (): PropertyDecorator =>
  rule(
    'isBridge',
    (value) => typeof value === 'string' && isFreeBridgeName(value),
    (value) => `${shown(value)} is not a name for a new bridge on every host`,
  );

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);

export const IsUuidText = (): PropertyDecorator =>
  rule('isUuidText', isUuid, (value) => `${shown(value)} is not a 'uuid'`);

/** The bytes of base64 text, which may be broken into lines; undefined when it is none. */
export function decodeBase64(text: string): Buffer | undefined {
  const joined = text.replace(/[\r\n\t ]/g, '');
  if (joined.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(joined)) return undefined;
  return Buffer.from(joined, 'base64');
}
