import type { Message, StreamRef } from '@cairn/domain';
import { DEFAULT_FLAVORS } from '@cairn/domain';
import { blobOf, imageOf } from '../../../libs/domain/src/testing/model';
import type { Stage } from '../stage';
import type { Story } from '../story';

const ref = (category: string, id: string): StreamRef => ({ category, id });
const message = (type: string, data: object = {}): Message => ({ type, data });

const user = (stage: Stage): object => ({
  userId: stage.id('alice'),
  name: 'alice',
  domainId: 'default',
  email: 'alice@example.org',
  description: '',
  enabled: true,
  defaultProjectId: null,
  passwordHash: { keyId: stage.id('data key'), ciphertext: 'bm90IGEgaGFzaA' },
});

async function claim(stage: Stage, category: string, ownerId: string, name: string): Promise<StreamRef> {
  const names = ref('registry', `${category}names`);
  await stage.ask(names, message('ClaimName', { name, ownerId, ownerCategory: category }), 'identity');
  return names;
}

export const records: readonly Story[] = [
  {
    name: 'user-and-project-life',
    about: 'A user and a project are made, changed and deleted; roles, password and tokens change in between.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const [userId, projectId] = [stage.id('alice'), stage.id('demo')];
      const [alice, demo] = [ref('user', userId), ref('project', projectId)];
      const identity = (target: StreamRef, type: string, data: object = {}): Promise<unknown> =>
        stage.ask(target, message(type, data), 'identity');
      const names = await claim(stage, 'user', userId, 'alice');
      await identity(alice, 'CreateUser', user(stage));
      await identity(names, 'ConfirmName', { name: 'alice', ownerId: userId });
      await identity(demo, 'CreateProject', {
        projectId,
        name: 'demo',
        domainId: 'default',
        description: '',
        enabled: true,
      });
      await identity(demo, 'GrantRole', { userId, role: 'member' });
      await identity(demo, 'UpdateProject', { description: 'For trying things.' });
      await identity(alice, 'UpdateUser', { email: null, defaultProjectId: projectId });
      const passwordHash = { keyId: stage.id('data key'), ciphertext: 'YW5vdGhlciBvbmU' };
      await identity(alice, 'ChangePassword', { passwordHash });
      await identity(alice, 'RevokeToken', { tokenId: stage.id('token'), expiresAt: stage.in(3600) });
      await identity(demo, 'RevokeRole', { userId, role: 'member' });
      await identity(demo, 'DeleteProject');
      await identity(alice, 'DeleteUser');
      await identity(names, 'ReleaseName', { name: 'alice', ownerId: userId });
    },
  },
  {
    name: 'failed-logins',
    about: 'Wrong passwords lock a user out; an administrator enables the user, and later the right password comes.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const userId = stage.id('alice');
      const alice = ref('user', userId);
      const identity = (type: string, data: object = {}): Promise<unknown> =>
        stage.ask(alice, message(type, data), 'identity');
      const wrong = (): Promise<unknown> =>
        identity('RecordFailedLogin', { failureAttempts: 2, durationSeconds: 600, now: stage.in(0) });
      await identity('CreateUser', user(stage));
      await wrong();
      await wrong();
      await identity('UpdateUser', { enabled: true });
      await wrong();
      await identity('ForgetFailedLogins');
      await identity('DeleteUser');
    },
  },
  {
    name: 'names-settled-both-ways',
    about:
      'Names are claimed and the controller ends: that of an owner who came is confirmed, the others are released.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const usernames = await claim(stage, 'user', stage.id('alice'), 'alice');
      await stage.ask(ref('user', stage.id('alice')), message('CreateUser', user(stage)), 'identity');
      stage.pass(30);
      await stage.carryOutAll(usernames);
      for (const category of ['user', 'project', 'flavor']) {
        const names = await claim(stage, category, stage.id(`nobody's ${category}`), 'nobody');
        stage.pass(30);
        await stage.carryOutAll(names);
      }
    },
  },
  {
    name: 'flavor-key-and-number',
    about: 'A flavor and a key pair are made and deleted; numbers are allocated.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const flavor = ref('flavor', '2');
      await stage.ask(flavor, message('CreateFlavor', DEFAULT_FLAVORS[1] ?? {}));
      await stage.ask(flavor, message('DeleteFlavor'));
      const keys = ref('keypairs', stage.id('user'));
      const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGolden laptop';
      const fingerprint = '6c:1f:55:21:8a:0d:44:e0:3b:7a:90:12:c4:de:2f:71';
      const pair = { userId: stage.id('user'), name: 'laptop', keyType: 'ssh', publicKey, fingerprint };
      await stage.ask(keys, message('CreateKeyPair', { ...pair, limit: 100 }));
      await stage.ask(keys, message('DeleteKeyPair', { name: 'laptop' }));
      const ownerIds = [stage.id('first'), stage.id('second')];
      await stage.ask(ref('registry', 'instances'), message('AllocateNumbers', { ownerIds }));
    },
  },
  {
    name: 'image-life',
    about: 'An image is made, uploaded, changed and deleted.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const image = ref('image', stage.id('image'));
      const record = imageOf({
        imageId: image.id,
        projectId: stage.id('project'),
        name: 'debian',
        visibility: 'private',
        minDiskGb: 2,
        minRamMb: 256,
        tags: ['lts'],
        properties: { os_distro: 'debian' },
      });
      const blob = blobOf({ sizeBytes: 20_971_520 });
      await stage.ask(image, message('CreateImage', record), 'image');
      await stage.ask(image, message('RecordImageUploaded', blob), 'image');
      await stage.ask(image, message('UpdateImage', { name: 'debian-12', tags: [], visibility: 'public' }), 'image');
      await stage.ask(image, message('DeleteImage'), 'image');
    },
  },
];
