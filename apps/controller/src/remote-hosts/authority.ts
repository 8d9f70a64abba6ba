import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isIP } from 'node:net';

import { writeWhole } from '@cairn/os';

import { openssl } from './openssl';

/** `up` renews the certificates of servers, joining again renews a host's; until then they must last. */
const AUTHORITY_DAYS = 7_300;
const CERTIFICATE_DAYS = 1_825;
/** `up` makes a new server certificate when less than this is left of the old one. */
const RENEW_BEFORE_MS = 60 * 24 * 3_600_000;

const P256 = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-sha256'] as const;

export const authorityFiles = (folder: string) =>
  ({
    authority: join(folder, 'ca.pem'),
    authorityKey: join(folder, 'ca.key'),
    server: join(folder, 'server.pem'),
    serverKey: join(folder, 'server.key'),
  }) as const;

/** SHA-256 of a certificate as it is encoded, in hexadecimal: by this it is pinned and known again. */
export const fingerprintOf = (pem: string): string =>
  createHash('sha256').update(new X509Certificate(pem).raw).digest('hex');

/** Raised for a request that does not prove to hold its own key, or holds another kind of key than the cloud uses. */
export class BadRequest extends Error {}

/** The cloud's own certificate authority: openssl and files of mode 0600. */
export class CertificateAuthority {
  private readonly files: ReturnType<typeof authorityFiles>;

  constructor(private readonly folder: string) {
    this.files = authorityFiles(folder);
  }

  certificate(): Promise<string> {
    return readFile(this.files.authority, 'utf8');
  }

  /** Makes authority and server certificate where they are missing, are about to end, or are for other addresses. */
  async ensure(addresses: readonly string[]): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await chmod(this.folder, 0o700);
    if ((await read(this.files.authority)) === undefined) await this.makeAuthority();
    const server = await read(this.files.server);
    if (server === undefined || !serves(server, addresses)) await this.makeServer(addresses);
  }

  /**
   * A certificate for a host: of the request only the key is taken, after it has proven to hold it.
   * @throws BadRequest
   */
  async issue(hostId: string, request: string): Promise<string> {
    const key = await publicKeyOf(request);
    return inScratch(async (scratch) => {
      const [keyFile, extensions] = [join(scratch, 'key.pem'), join(scratch, 'extensions')];
      await writeFile(keyFile, key);
      await writeFile(extensions, 'basicConstraints=critical,CA:FALSE\nextendedKeyUsage=clientAuth\n');
      return this.sign(['-subj', `/CN=${hostId}`, '-force_pubkey', keyFile, '-extfile', extensions]);
    });
  }

  private async makeAuthority(): Promise<void> {
    await inScratch(async (scratch) => {
      const [key, certificate] = [join(scratch, 'ca.key'), join(scratch, 'ca.pem')];
      const constraints = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign'] as const;
      const names = ['-subj', '/CN=Cairn host authority', '-days', String(AUTHORITY_DAYS)] as const;
      await openssl(['req', '-x509', ...P256, '-keyout', key, '-out', certificate, ...names, ...constraints]);
      await put(key, this.files.authorityKey);
      await put(certificate, this.files.authority);
    });
  }

  private async makeServer(addresses: readonly string[]): Promise<void> {
    await inScratch(async (scratch) => {
      const [key, request, extensions] = ['key', 'csr', 'extensions'].map((name) => join(scratch, name)) as [
        string,
        string,
        string,
      ];
      await openssl(['req', '-new', ...P256, '-keyout', key, '-out', request, '-subj', '/CN=cairn']);
      const names = addresses.map((address) => `${isIP(address) === 0 ? 'DNS' : 'IP'}:${address}`).join(',');
      const uses = 'basicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n';
      await writeFile(extensions, `${uses}subjectAltName=${names}\n`);
      const public_ = join(scratch, 'public');
      await writeFile(public_, await publicKeyOf(await readFile(request, 'utf8')));
      const signed = await this.sign(['-subj', '/CN=cairn', '-force_pubkey', public_, '-extfile', extensions]);
      const certificate = join(scratch, 'certificate');
      await writeFile(certificate, signed);
      await put(key, this.files.serverKey);
      await put(certificate, this.files.server);
    });
  }

  private sign(what: readonly string[]): Promise<string> {
    const { authority, authorityKey } = this.files;
    const serial = `0x${randomBytes(16).toString('hex').replace(/^./, '4')}`;
    const by = ['-CA', authority, '-CAkey', authorityKey, '-set_serial', serial, '-days', String(CERTIFICATE_DAYS)];
    return openssl(['x509', '-new', '-sha256', ...by, ...what]);
  }
}

/** The key of a signing request that is signed by it. @throws BadRequest */
async function publicKeyOf(request: string): Promise<string> {
  try {
    const printed = await openssl(['req', '-verify', '-noout', '-pubkey'], request);
    const [key] = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----\n/.exec(printed) ?? [];
    if (key !== undefined) return key;
  } catch (error) {
    throw new BadRequest('The certificate request cannot be read or is not signed by its key.', { cause: error });
  }
  throw new BadRequest('The certificate request holds no key.');
}

async function inScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-pki-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Gives a file its place, whole and for its owner alone. */
async function put(from: string, to: string): Promise<void> {
  await writeWhole(to, await readFile(from));
}

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}

function serves(pem: string, addresses: readonly string[]): boolean {
  const certificate = new X509Certificate(pem);
  if (Date.parse(certificate.validTo) - Date.now() < RENEW_BEFORE_MS) return false;
  const valid = (address: string): boolean =>
    (isIP(address) === 0 ? certificate.checkHost(address) : certificate.checkIP(address)) !== undefined;
  return addresses.every(valid);
}
