import { streamName, streamRef } from '@cairn/domain';

import type { SealedAt } from '../../keyring/keyring';

/** What a launch or a rebuild holds encrypted, as bytes. */
const secretAt = (instanceId: string, field: string): SealedAt => ({
  stream: streamName(streamRef('instance', instanceId)),
  field,
});

/** User data, decoded. */
export const userDataAt = (instanceId: string): SealedAt => secretAt(instanceId, 'userData');
/** Injected files: `encodeFiles`. */
export const filesAt = (instanceId: string): SealedAt => secretAt(instanceId, 'files');
/** The administrator's password that the tenant has chosen. */
export const adminPassAt = (instanceId: string): SealedAt => secretAt(instanceId, 'adminPass');

/** Another one, which the host is to set in the guest. */
export const newAdminPassAt = (instanceId: string): SealedAt => secretAt(instanceId, 'newAdminPass');
/** What the guest has posted of its administrator's password, or what stands for it after a change. */
export const postedPasswordAt = (instanceId: string): SealedAt => secretAt(instanceId, 'postedPassword');

/** A file that a tenant wants in the guest (nova: personality). */
export interface InjectedFile {
  readonly path: string;
  /** In base64, as it was given. */
  readonly contents: string;
}

export const encodeFiles = (files: readonly InjectedFile[]): string =>
  JSON.stringify(files.map(({ path, contents }) => ({ path, contents })));

export const decodeFiles = (opened: Buffer): readonly InjectedFile[] =>
  JSON.parse(opened.toString('utf8')) as readonly InjectedFile[];
