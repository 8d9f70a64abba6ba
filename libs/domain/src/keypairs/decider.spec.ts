import { uuid } from '../testing/examples';
import { after, at, specOf } from '../testing/given';
import { type KeyPair, keypairs, type KeyPairsCommand, type KeyPairsEvent } from './index';

const given = specOf(keypairs);
const key = (name: string): KeyPair => ({
  userId: uuid(1),
  name,
  keyType: 'ssh',
  publicKey: 'ssh-ed25519 AAAA',
  fingerprint: '00:11',
});
const create = (name: string, limit = 100): KeyPairsCommand => ({
  type: 'CreateKeyPair',
  data: { ...key(name), limit },
});
const created = (name: string): KeyPairsEvent => ({ type: 'keypair.created.v1', data: key(name) });
const remove = (name: string): KeyPairsCommand => ({ type: 'DeleteKeyPair', data: { name } });
const deleted = (name: string): KeyPairsEvent => ({ type: 'keypair.deleted.v1', data: { userId: uuid(1), name } });

describe.each(['laptop', '__proto__', 'constructor'])('a key pair named %s', (name) => {
  it('is made and deleted once', () => {
    given().when(create(name)).then(created(name));
    given(created(name)).when(create(name)).thenRefuses('keypair.exists');
    given(created(name)).when(remove(name)).then(deleted(name));
    given().when(remove(name)).thenRefuses('keypair.not-found');
    given(created(name), deleted(name)).when(create(name)).then(created(name));
    expect(Object.entries(given(at(4, created(name))).state.byName)).toEqual([
      [name, { ...key(name), createdAt: after(4) }],
    ]);
  });
});

it('a user has no more key pairs than the quota allows; -1 is no limit', () => {
  given(created('a')).when(create('b', 2)).then(created('b'));
  given(created('a')).when(create('b', 1)).thenRefuses('keypair.quota');
  given().when(create('b', 0)).thenRefuses('keypair.quota');
  given(created('a')).when(create('b', -1)).then(created('b'));
});
