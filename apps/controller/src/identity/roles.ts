import { deriveId, own } from '@cairn/domain';

/** An id in Keystone's form: 32 hexadecimal digits without dashes. */
export const keystoneId = (...parts: readonly string[]): string => deriveId(...parts).replaceAll('-', '');

const KEYSTONE_ID = /^[0-9a-f]{32}$/;

export const isKeystoneId = (text: string): boolean => KEYSTONE_ID.test(text);

/** The roles that there are, each with those that it implies (Keystone's default since Rocky). */
const IMPLIED: Readonly<Record<string, readonly string[]>> = {
  admin: ['member', 'reader'],
  member: ['reader'],
  reader: [],
};

export interface Role {
  readonly id: string;
  readonly name: string;
}

export const ROLES: readonly Role[] = Object.keys(IMPLIED).map((name) => ({ id: keystoneId('role', name), name }));

export const roleById = (id: string): Role | undefined => ROLES.find((role) => role.id === id);
export const roleByName = (name: string): Role | undefined => ROLES.find((role) => role.name === name);

/** The names with those that they imply, in the order of ROLES. */
export function effectiveRoles(names: readonly string[]): readonly string[] {
  const all = new Set(names.flatMap((name) => [name, ...(own(IMPLIED, name) ?? [])]));
  return ROLES.map(({ name }) => name).filter((name) => all.has(name));
}
