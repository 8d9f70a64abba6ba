import type { KeypairRow } from '@cairn/projections';
import { AT } from '../testing/rows';
import { shapeDifferences } from '../testing/shapes';
import { presentCreatedKeypair, presentKeypair, presentKeypairBrief } from './keypair.presenter';

const row: KeypairRow = {
  id: 'fake/keypair-d20a3d59-9433-4b79-8726-20b431d89c78',
  userId: 'fake',
  name: 'keypair-d20a3d59-9433-4b79-8726-20b431d89c78',
  keyType: 'ssh',
  publicKey: 'ssh-rsa AAAAB3NzaC1yc2E= Generated-by-Nova',
  fingerprint: '1e:2c:9b:56:79:4b:45:77:f9:ca:7a:98:2c:b0:d5:3c',
  createdAt: AT,
};
const PEM = '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n';
const OWN = { onlyType: ['public_key', 'private_key', 'created_at'] };

describe('a key pair', () => {
  it.each([
    [1, ''],
    [2, 'v2.2/'],
    [10, 'v2.10/'],
  ])('is shown in 2.%i as nova shows it', (minor, folder) => {
    const sample = `${folder}keypairs-get-resp`;
    expect(shapeDifferences(presentKeypair(row, minor), 'os-keypairs', sample, OWN)).toEqual([]);
  });

  it.each([
    [1, ''],
    [10, 'v2.10/'],
  ])('is listed in 2.%i as nova lists it', (minor, folder) => {
    const keypairs = [presentKeypairBrief(row, minor)];
    expect(shapeDifferences({ keypairs }, 'os-keypairs', `${folder}keypairs-list-resp`, OWN)).toEqual([]);
  });

  it('gives away its private key to its creator only, and only when it was made here', () => {
    const made = presentCreatedKeypair(row, PEM, 2);
    expect(shapeDifferences(made, 'os-keypairs', 'v2.2/keypairs-post-resp', OWN)).toEqual([]);
    const imported = presentCreatedKeypair(row, null, 1);
    expect(shapeDifferences(imported, 'os-keypairs', 'keypairs-import-post-resp', OWN)).toEqual([]);
  });
});
