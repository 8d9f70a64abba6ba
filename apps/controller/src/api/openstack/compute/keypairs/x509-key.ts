import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openssl } from '../../../../remote-hosts/openssl';
import type { GeneratedKey } from './generate-key';

/** Larger than any certificate of a person. */
const MAX_PEM = 65_535;
const DAYS = '3650';

/** SHA-1 of the certificate, as pairs of hex digits with colons: what nova shows. */
const fingerprintOf = (certificate: X509Certificate): string => certificate.fingerprint.toLowerCase();

/** Reads one certificate in PEM. @returns its fingerprint; undefined when it is none, or is more than one. */
export function parseCertificate(text: string): string | undefined {
  const begins = text.match(/-----BEGIN /g)?.length ?? 0;
  if (text.length > MAX_PEM || begins !== 1 || !text.includes('-----BEGIN CERTIFICATE-----')) return undefined;
  try {
    return fingerprintOf(new X509Certificate(text));
  } catch {
    return undefined;
  }
}

/** The user's name at a Windows guest is in the certificate (nova 26.1, `_create_x509_openssl_config`). */
const configOf = (userId: string): string =>
  [
    'distinguished_name = req_distinguished_name',
    '[req_distinguished_name]',
    '[v3_req_client]',
    'extendedKeyUsage = clientAuth',
    `subjectAltName = otherName:1.3.6.1.4.1.311.20.2.3;UTF8:${userId}@localhost`,
    '',
  ].join('\n');

/**
 * A new certificate of a user for logging in without a password, as WinRM takes it: the certificate in PEM, and it with
 * its key as PKCS #12 without a password, in base64.
 */
export async function generateCertificate(userId: string): Promise<GeneratedKey> {
  if (!/^[\w-]{1,64}$/.test(userId)) throw new Error('the id of a user is no name for a certificate');
  const folder = await mkdtemp(join(tmpdir(), 'cairn-x509-'));
  const file = (name: string): string => join(folder, name);
  try {
    await writeFile(file('config'), configOf(userId), { mode: 0o600 });
    const request = ['-config', file('config'), '-subj', `/CN=${userId}`, '-extensions', 'v3_req_client'];
    const made = ['-newkey', 'rsa:2048', '-keyout', file('key'), '-out', file('certificate')];
    await openssl(['req', '-x509', '-nodes', '-days', DAYS, ...request, ...made]);
    const both = ['-inkey', file('key'), '-in', file('certificate'), '-password', 'pass:', '-out', file('p12')];
    await openssl(['pkcs12', '-export', ...both]);
    const publicKey = await readFile(file('certificate'), 'utf8');
    const privateKey = (await readFile(file('p12'))).toString('base64');
    return { publicKey, privateKey, fingerprint: fingerprintOf(new X509Certificate(publicKey)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
