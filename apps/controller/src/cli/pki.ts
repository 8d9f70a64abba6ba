import type { ControllerConfig } from '../config';
import { CertificateAuthority } from '../remote-hosts/authority';

/** Makes the cloud's authority and the certificate of its servers where they are missing or about to end. */
export async function pki({ remote }: ControllerConfig): Promise<number> {
  if (remote === null) throw new Error('this cloud has no address for hosts on other machines');
  await new CertificateAuthority(remote.pki).ensure(['127.0.0.1', 'localhost', remote.address]);
  return 0;
}
