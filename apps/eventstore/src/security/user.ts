import { fieldsOfDocument } from '../log/stream-metadata';
import type { PasswordHash } from './passwords';

/** Members may do everything, as in EventStoreDB. */
export const ADMINS = '$admins';

/** A user of the store. */
export interface User extends PasswordHash {
  readonly loginName: string;
  readonly fullName: string;
  /** Names that may stand in an access list in the user's stead. */
  readonly groups: readonly string[];
  readonly disabled: boolean;
}

const MAX_LOGIN_LENGTH = 256;

/** The stream that holds a user: each change is one event with the whole record, the last one counts. */
export const userStream = (login: string): string => `$user-${login}`;

export const USER_EVENT = '$User';

/** A colon would end the name in basic authentication; a leading `$` is kept for groups of the store itself. */
export function isLoginName(text: string): boolean {
  return /^[^\s:$\p{C}][^:\p{C}]*$/u.test(text) && text.length <= MAX_LOGIN_LENGTH;
}

/** The user that an event of its stream holds; undefined for a record that is not whole. */
export function parseUser(data: Uint8Array): User | undefined {
  const { loginName, fullName, groups, disabled, salt, hash } = fieldsOfDocument(data);
  if (typeof loginName !== 'string' || typeof salt !== 'string' || typeof hash !== 'string') return undefined;
  if (!Array.isArray(groups) || !groups.every((group) => typeof group === 'string')) return undefined;
  const name = typeof fullName === 'string' ? fullName : '';
  return { loginName, fullName: name, groups, disabled: disabled !== false, salt, hash };
}
