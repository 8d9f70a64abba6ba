import { createPrivateKey, createPublicKey } from 'node:crypto';
import { generateKey } from './generate-key';
import { parseSshPublicKey } from './ssh-public-key';

/** Made by `ssh-keygen` of OpenSSH 9.2; the fingerprints are those of `ssh-keygen -l -E md5`. */
const RSA =
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQCdBLCKah9baRN1bQV7SiNovzDiVxCE8WXWodgb8A3sqY8FrtvkzvYfpPERHvfCSUjJhhkKdgI4' +
  'ek4x62Ir/KAv8I7aNmfzwc/4L0GkzDHHWB8f5rNs7ZMCsh/2vb/4t6+Pk6DF++aLcb8YXN7yi3yRWipUsJw9/J2ZLRcbHQ+HxLdSIHhjfStDH5v0' +
  'aWVg4u1RD2M6crl2VGMxxy3umW95g/inhFlupgN+zISqHOaqt1w89vH41yXkOAbMyGnglJeGYFKnF+nhhzg1qWUMD0xIC4fV1Eflcgv1F5l8IShz' +
  'fzDM6mNBIvAyNdB91wmRy1THh99fN8owW3O9O9EmDBZE1SLzUbD8VmcUReusoCQPfygUfH51kL88VSh5csfLYCuxKuYF1Od8MJZ/lbbXtU4L2Pwy' +
  'JjP5x20zgUdS78NazyCbYXPt6P3kPepOr7NxcKJ8j2eYcIBOz7R+64f2KKGZnikXWCjoRrFiLY0HmuF5lc2YxwU3He7oT4qFJ0l2uYs=';
const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAID5tMuRgRVuvqMi/4uglmi4qvFxI2/C54l45j9PkktCO';
const ECDSA =
  'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBHTZUcsMK0tMfnYxlJTesJhPRMTd2srsI6oA4oUvy' +
  'GOX/dgkpoyWO+eIhIGV5I3IRi12Qc7i+I5txaquF1WAuok=';

describe('an SSH public key', () => {
  it.each([
    [RSA, '30:ff:82:18:b9:6d:7e:e7:75:b1:9b:1f:91:b0:2f:bc'],
    [ED25519, 'c7:ce:e4:50:dd:ff:ad:21:85:37:bd:2a:95:4a:65:71'],
    [ECDSA, '01:cb:15:59:0e:8a:8b:03:51:eb:1c:ad:c8:fa:05:09'],
  ])('has the fingerprint that OpenSSH shows', (line, fingerprint) => {
    expect(parseSshPublicKey(`${line} me@here\n`)?.fingerprint).toBe(fingerprint);
    expect(parseSshPublicKey(line)?.fingerprint).toBe(fingerprint);
  });

  it.each(['sk-ecdsa-sha2-nistp256@openssh.com', 'sk-ssh-ed25519@openssh.com'])(
    'may be one of a security token: %s, with the application that it is for',
    (algorithm) => {
      const parts = algorithm.includes('ecdsa')
        ? [Buffer.from('nistp256'), Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 7)])]
        : [Buffer.alloc(32, 7)];
      const line = (...strings: readonly Buffer[]): string => {
        const lengths = strings.map(({ length }) => Buffer.from([0, 0, 0, length]));
        const blob = Buffer.concat(strings.flatMap((string, i) => [lengths[i] as Buffer, string]));
        return `${algorithm} ${blob.toString('base64')} me@here`;
      };
      const whole = [Buffer.from(algorithm), ...parts, Buffer.from('ssh:')];
      expect(parseSshPublicKey(line(...whole))).toMatchObject({ algorithm });
      expect(parseSshPublicKey(line(...whole.slice(0, -1)))).toBeUndefined();
      expect(parseSshPublicKey(line(...whole, Buffer.from('more')))).toBeUndefined();
    },
  );

  it.each([
    ['nothing', ''],
    ['no key', 'ssh-rsa'],
    ['no base64', 'ssh-rsa ????'],
    ['a cut key', ED25519.slice(0, -8)],
    ['a key under another name', ED25519.replace('ssh-ed25519', 'ssh-rsa')],
    ['a curve under another name', ECDSA.replace('ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384')],
    ['two lines', `${ED25519}\n${ED25519}`],
    ['an inherited name', 'constructor AAAA'],
    ['a length beyond its end', 'ssh-rsa /////w=='],
  ])('is not read from %s', (_name, line) => {
    expect(parseSshPublicKey(line)).toBeUndefined();
  });
});

describe('a generated key pair', () => {
  it('fits together and is one that we would take', async () => {
    const { publicKey, privateKey, fingerprint } = await generateKey();
    expect(parseSshPublicKey(publicKey)).toEqual({ algorithm: 'ssh-rsa', fingerprint });
    expect(privateKey).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
    const { n = '' } = createPublicKey(createPrivateKey(privateKey)).export({ format: 'jwk' });
    const modulus = Buffer.from(n, 'base64url').toString('latin1');
    expect(Buffer.from(publicKey.split(' ')[1] ?? '', 'base64').toString('latin1')).toContain(modulus);
  });
});
