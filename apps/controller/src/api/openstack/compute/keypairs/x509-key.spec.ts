import { createHash, X509Certificate } from 'node:crypto';
import { generateCertificate, parseCertificate } from './x509-key';

describe('a key pair that is a certificate', () => {
  it('is made for its user, for client authentication, with its key beside it', async () => {
    const { publicKey, privateKey, fingerprint } = await generateCertificate('u-1');
    const certificate = new X509Certificate(publicKey);
    expect(certificate.subject).toBe('CN=u-1');
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(certificate.subjectAltName).toContain('u-1@localhost');
    expect(fingerprint.replaceAll(':', '')).toBe(createHash('sha1').update(certificate.raw).digest('hex'));
    expect(Buffer.from(privateKey, 'base64').readUInt8(0)).toBe(0x30); // PKCS #12 is a DER sequence
    expect(parseCertificate(publicKey)).toBe(fingerprint);
    expect(parseCertificate(publicKey + publicKey)).toBeUndefined();
  });

  it.each(['', 'ssh-rsa AAAA', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'x'.repeat(70_000)])(
    'is none: %j',
    (text) => {
      expect(parseCertificate(text)).toBeUndefined();
    },
  );

  it('is not made for what could be more than a name', async () => {
    await expect(generateCertificate('a/b=c')).rejects.toThrow();
  });
});
