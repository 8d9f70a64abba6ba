import { isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import { z } from 'zod';

// Building blocks of configurations. Each message goes on after "it", see parse.ts.

/** A text for which the rule holds. */
export const text = (
  must = 'must be a text that is not empty',
  rule = (given: string): boolean => given !== '',
): z.ZodString => z.string({ error: must }).refine(rule, { error: must, abort: true });

export const number = (least: number, most = Infinity): z.ZodNumber => {
  const must =
    most === Infinity
      ? `must be a number of at least ${String(least)}`
      : `must be a number from ${String(least)} to ${String(most)}`;
  return z.number({ error: must }).min(least, { error: must }).max(most, { error: must });
};

export const integer = (least: number, most: number = Number.MAX_SAFE_INTEGER): z.ZodInt => {
  const bounds =
    most === Number.MAX_SAFE_INTEGER ? `of at least ${String(least)}` : `from ${String(least)} to ${String(most)}`;
  const must = `must be a whole number ${bounds}`;
  return z.int({ error: must }).min(least, { error: must }).max(most, { error: must });
};

/** 0 lets the system choose. */
export const port = (least = 0): z.ZodInt => integer(least, 65_535);

export const flag = (): z.ZodBoolean => z.boolean({ error: 'must be true or false' });

export const oneOf = <const T extends string>(...words: readonly T[]): z.ZodType<T, T> =>
  z.enum(words, { error: `must be ${words.join(' or ')}` });

export const absolutePath = (): z.ZodString => text('must be an absolute path', isAbsolute);

export const ipAddress = (): z.ZodString => text('must be an IP address', (given) => isIP(given) !== 0);

export const ipv4Address = (): z.ZodString => text('must be an IPv4 address', (given) => isIP(given) === 4);

/** A TCP port at an IPv4 address, `192.0.2.1:5000`. */
export const isService = (given: string): boolean => {
  const [address = '', port = '', ...more] = given.split(':');
  return more.length === 0 && isIP(address) === 4 && /^[1-9]\d{0,4}$/.test(port) && Number(port) <= 65_535;
};

export const service = (): z.ZodType<{ readonly address: string; readonly port: number }, string> =>
  text('must be an IPv4 address and a port, like 192.0.2.1:5000', isService).transform((given) => {
    const [address = '', port = ''] = given.split(':');
    return { address, port: Number(port) };
  });

export const addressOrNetwork = (): z.ZodString =>
  text('must be an address, or a network like 10.0.0.0/8', isAddressOrNetwork);

/** Whether it is an IP address, or one with the length of a prefix. */
export function isAddressOrNetwork(given: string): boolean {
  const [address = '', prefix, ...more] = given.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return (
    more.length === 0 && bits > 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits))
  );
}

const HOST_NAME = /^[a-zA-Z0-9]([a-zA-Z0-9.-]{0,251}[a-zA-Z0-9])?$/;

export const hostName = (what = 'a host name'): z.ZodString =>
  text(`must be ${what}`, (given) => HOST_NAME.test(given));

export const hostOrAddress = (): z.ZodString =>
  text('must be an address or a host name', (given) => isIP(given) !== 0 || HOST_NAME.test(given));

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const uuid = (): z.ZodString => text('must be a UUID in lower case', (given) => UUID.test(given));

/** @param protocols with their colon. */
export const url = (...protocols: readonly string[]): z.ZodString =>
  text(
    `must be a URL of ${protocols.join(' or ')}`,
    (given) => URL.canParse(given) && protocols.includes(new URL(given).protocol),
  );

/** Where clients reach an API: `https://cloud.example.org/compute`. */
export const endpoint = (): z.ZodString =>
  text('must be a http:// or https:// URL without a slash at its end', isEndpoint);

function isEndpoint(given: string): boolean {
  if (!URL.canParse(given) || /\s/.test(given)) return false;
  const { protocol, search, hash, username, password } = new URL(given);
  return ['http:', 'https:'].includes(protocol) && !given.endsWith('/') && search + hash + username + password === '';
}

const AN_OBJECT = 'must be a JSON object';

/** An object with these fields and no others: a typing error in a name must not silently mean the default. */
export const fields = <S extends z.core.$ZodLooseShape>(shape: S): z.ZodObject<S, z.core.$strict> =>
  z.strictObject(shape, { error: AN_OBJECT });

export const list = <S extends z.ZodType>(item: S): z.ZodArray<S> => z.array(item, { error: 'must be a list' });

/** What may be missing, or null. */
export const optional = <S extends z.ZodType>(schema: S): z.ZodDefault<z.ZodNullable<S>> =>
  schema.nullable().default(null as never);

/** Adds a complaint about several fields, or one that must not show the value. */
export const refuse = (context: z.core.$RefinementCtx, path: readonly PropertyKey[], message: string): void => {
  context.addIssue({ code: 'custom', path: [...path], message, params: { concerns: 'more' } });
};
