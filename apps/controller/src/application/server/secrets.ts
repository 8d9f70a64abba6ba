import { type LaunchRequest, type Sealed, streamName, streamRef } from '@cairn/domain';

import type { Keyring, SealedAt } from '../../keyring/keyring';

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

/** What a tenant gives a server that only the server may know, in the clear. */
export interface Secrets {
  /** Null: none. Absent in a rebuild: as before. */
  readonly userData?: Buffer | null;
  /** `encodeFiles` */
  readonly files?: string;
  readonly adminPass?: string;
}

interface AskedSecrets {
  readonly userData?: Buffer | null | undefined;
  readonly files?: readonly InjectedFile[] | undefined;
  readonly adminPass?: string | undefined;
}

/** @param hasDrive a password is kept only where a configuration drive can tell the guest of it. */
export const secretsOf = ({ userData, files, adminPass }: AskedSecrets, hasDrive: boolean): Secrets => ({
  ...(userData === undefined ? {} : { userData }),
  ...(files === undefined ? {} : { files: encodeFiles(files) }),
  ...(adminPass === undefined || !hasDrive ? {} : { adminPass }),
});

/** Those that are given, under the key of the server's project. @throws KeyDestroyed */
export async function sealedSecrets(
  keyring: Pick<Keyring, 'seal'>,
  { projectId, instanceId }: Pick<LaunchRequest, 'projectId' | 'instanceId'>,
  { userData, files, adminPass }: Secrets,
): Promise<Partial<Pick<LaunchRequest, 'userData' | 'files' | 'adminPass'>>> {
  const seal = (at: SealedAt, plaintext: string | Buffer): Promise<Sealed> =>
    keyring.seal(`project/${projectId}`, at, plaintext);
  return {
    ...(userData === undefined
      ? {}
      : { userData: userData === null ? null : await seal(userDataAt(instanceId), userData) }),
    ...(files === undefined ? {} : { files: await seal(filesAt(instanceId), files) }),
    ...(adminPass === undefined ? {} : { adminPass: await seal(adminPassAt(instanceId), adminPass) }),
  };
}

export const decodeFiles = (opened: Buffer): readonly InjectedFile[] =>
  JSON.parse(opened.toString('utf8')) as readonly InjectedFile[];
