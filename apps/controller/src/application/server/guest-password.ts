import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import { type InputOf, type LaunchRequest, own, streamRef } from '@cairn/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { Keyring } from '../../keyring';
import type { Executor } from '../../runtime/ports';
import { EXECUTOR, KEYRING } from '../core';
import { stringsOf } from '../keypair/ssh-wire';
import { newAdminPassAt } from './secrets';

/** The passwords that hosts are to set in guests. Only the log holds them, under the keys of their projects. */
@Injectable()
export class GuestPasswords {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(KEYRING) private readonly keyring: Keyring,
  ) {}

  /**
   * What that host is to set now; null for any other host, and once the server does not owe it any more.
   * @param generation of the job
   */
  async wanted(hostId: string, instanceId: string, generation: number): Promise<string | null> {
    const instance = await this.executor.latest(streamRef('instance', instanceId));
    const { operation, host } = instance;
    if (operation?.name !== 'changePassword' || host?.hostId !== hostId || instance.generation !== generation)
      return null;
    const { adminPass } = operation.input as InputOf<'changePassword'>;
    return (await this.keyring.open(adminPass, newAdminPassAt(instanceId)))?.toString() ?? null;
  }
}

/** Who the administrator of a server's guest is: nova's rule, by the properties of its image. */
export function administratorOf({ imageProperties = {} }: Pick<LaunchRequest, 'imageProperties'>): string {
  const named = own(imageProperties, 'os_admin_user') ?? '';
  if (named !== '') return named;
  return own(imageProperties, 'os_type') === 'windows' ? 'Administrator' : 'root';
}

/**
 * A password as only the owner of the server's key can read it: RSA with PKCS #1 padding, in base64, which is what
 * `nova get-password` decrypts. Undefined for a key that is not RSA, or too short for it.
 */
export function encryptedFor(publicKey: string | null, password: string): string | undefined {
  const [kind, blob = ''] = (publicKey ?? '').split(' ');
  if (kind !== 'ssh-rsa') return undefined;
  const [, e, n] = stringsOf(Buffer.from(blob, 'base64')) ?? [];
  if (e === undefined || n === undefined) return undefined;
  try {
    const jwk = { kty: 'RSA', e: e.toString('base64url'), n: n.toString('base64url') };
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    return publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(password)).toString('base64');
  } catch {
    return undefined; // no key that encrypts this
  }
}
