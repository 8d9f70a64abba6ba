import {
  AccessDeniedError,
  END,
  jsonEvent,
  NO_STREAM,
  START,
  type EventStoreDBClient,
  type StreamMetadata,
} from '@eventstore/db-client';
import * as users from '@eventstore/db-client/generated/users_pb';
import { fresh, noted, notedUpTo, revisions, takeUntil } from '../testing/client';
import { SecureStore } from '../testing/secure-store';

const all = async (reading: AsyncIterable<unknown>): Promise<number> => {
  let count = 0;
  for await (const _ of reading) count += 1;
  return count;
};
const denied = (work: Promise<unknown>): Promise<void> => expect(work).rejects.toBeInstanceOf(AccessDeniedError);

describe('a store with TLS and users', () => {
  let store: SecureStore;
  let admin: EventStoreDBClient;

  const settings = (userStreamAcl: object): Promise<unknown> =>
    admin.appendToStream('$settings', jsonEvent({ type: '$settings', data: { $userStreamAcl: userStreamAcl } }));
  const aclOf = (acl: object): StreamMetadata => ({ $acl: acl });
  const loginOf = (login: string) => new users.DisableReq.Options().setLoginName(login);

  beforeAll(async () => {
    store = await SecureStore.start();
    admin = store.admin();
    await store.makeUser('ann', 'ann secret', ['readers']);
    await store.makeUser('bob', 'bob secret');
  });
  afterAll(() => store.stop());

  describe('who calls', () => {
    it('lets the official client do everything as the administrator', async () => {
      const stream = fresh();
      await admin.appendToStream(stream, notedUpTo(2), { expectedRevision: NO_STREAM });
      expect(await revisions(admin.readStream(stream))).toEqual([0n, 1n]);
      expect(await all(admin.readAll({ maxCount: 3 }))).toBe(3);
      const subscription = admin.subscribeToAll({ fromPosition: START });
      await takeUntil(subscription[Symbol.asyncIterator](), ({ event }) => event?.streamId === stream);
      await subscription.unsubscribe();
      await admin.deleteStream(stream);
    });

    it('lets nobody write or bury $all itself, which would bury its access list', async () => {
      await denied(admin.appendToStream('$all', noted(1)));
      await denied(admin.tombstoneStream('$all'));
      await denied(admin.deleteStream('$all'));
    });

    it('lets nobody delete or bury metadata as a stream, with which an access list would go for ever', async () => {
      const stream = fresh();
      await admin.setStreamMetadata(stream, aclOf({ $r: 'nobody' }));
      for (const name of ['$$$all', `$$${stream}`, '$$$settings']) {
        await denied(admin.tombstoneStream(name));
        await denied(admin.deleteStream(name));
      }
      await admin.setStreamMetadata('$all', aclOf({ $r: '$admins' }));
      await admin.setStreamMetadata('$all', aclOf({}));
    });

    it('refuses a wrong password, an unknown user, and a call without a user', async () => {
      for (const client of [store.client('admin', 'wrong'), store.client('nobody', 'x'), store.client()]) {
        await denied(client.appendToStream(fresh(), noted(1)));
        await denied(all(client.readStream('$settings')));
        await denied(all(client.readAll()));
      }
    });

    it('tells wrong credentials from missing rights', async () => {
      const wrong = store.details('ann', 'ann', 'wrong');
      await expect(wrong).rejects.toMatchObject({ code: 16 });
      await expect(store.details('bob', 'ann', 'ann secret')).rejects.toMatchObject({ code: 7 });
    });
  });

  describe('users', () => {
    it('are listed without their secrets, and show themselves to themselves', async () => {
      const names = (await store.details('')).map(({ loginName }) => loginName);
      expect(names).toEqual(expect.arrayContaining(['admin', 'ann', 'bob']));
      expect(await store.details('ann', 'ann', 'ann secret')).toMatchObject([
        { loginName: 'ann', groupsList: ['readers'], disabled: false },
      ]);
    });

    it('cannot be made twice or changed before they are made', async () => {
      await expect(store.makeUser('ann', 'x')).rejects.toMatchObject({ code: 9 });
      const options = new users.ResetPasswordReq.Options().setLoginName('nobody').setNewPassword('x');
      const reset = store.call('resetPassword', new users.ResetPasswordReq().setOptions(options));
      await expect(reset).rejects.toMatchObject({ code: 5 });
      await expect(store.makeUser('a:b', 'x')).rejects.toMatchObject({ code: 3 });
      await expect(store.makeUser('$admins', 'x')).rejects.toMatchObject({ code: 3 });
      await expect(store.makeUser('empty', '')).rejects.toMatchObject({ code: 3 });
    });

    it('change their own password by telling the one they have, and nobody else’s', async () => {
      await store.makeUser('carl', 'one');
      const change = (login: string, from: string, by: string, password: string): Promise<void> => {
        const options = new users.ChangePasswordReq.Options().setLoginName(login).setCurrentPassword(from);
        options.setNewPassword('two');
        return store.call('changePassword', new users.ChangePasswordReq().setOptions(options), by, password);
      };
      await expect(change('carl', 'one', 'bob', 'bob secret')).rejects.toMatchObject({ code: 7 });
      await expect(change('carl', 'no', 'carl', 'one')).rejects.toMatchObject({ code: 7 });
      await change('carl', 'one', 'carl', 'one');
      await expect(store.details('carl', 'carl', 'one')).rejects.toMatchObject({ code: 16 });
      expect(await store.details('carl', 'carl', 'two')).toHaveLength(1);
    });

    it('are the administrators’ to make, change and delete', async () => {
      const options = loginOf('bob');
      const calls = [
        ['create', new users.CreateReq().setOptions(new users.CreateReq.Options().setLoginName('x').setPassword('x'))],
        [
          'update',
          new users.UpdateReq().setOptions(
            new users.UpdateReq.Options().setLoginName('ann').setGroupsList(['$admins']),
          ),
        ],
        ['delete', new users.DeleteReq().setOptions(new users.DeleteReq.Options().setLoginName('bob'))],
        ['disable', new users.DisableReq().setOptions(options)],
        ['enable', new users.EnableReq().setOptions(new users.EnableReq.Options().setLoginName('bob'))],
        [
          'resetPassword',
          new users.ResetPasswordReq().setOptions(new users.ResetPasswordReq.Options().setLoginName('bob')),
        ],
      ] as const;
      for (const [method, request] of calls)
        await expect(store.call(method, request, 'ann', 'ann secret')).rejects.toMatchObject({ code: 7 });
    });

    it('lose what they have open at once when they are disabled or deleted', async () => {
      await store.makeUser('dora', 'dora secret');
      const stream = fresh();
      await admin.setStreamMetadata(stream, aclOf({ $r: 'dora', $w: 'dora' }));
      const dora = store.client('dora', 'dora secret');
      await dora.appendToStream(stream, noted(0));
      const events = dora.subscribeToStream(stream)[Symbol.asyncIterator]();
      await takeUntil(events, ({ event }) => event?.revision === 0n);
      const ended = expect(takeUntil(events, () => false)).rejects.toBeInstanceOf(AccessDeniedError);
      await store.call('disable', new users.DisableReq().setOptions(loginOf('dora')));
      await ended;
      await denied(dora.appendToStream(stream, noted(1)));
      await store.call('enable', new users.EnableReq().setOptions(new users.EnableReq.Options().setLoginName('dora')));
      await dora.appendToStream(stream, noted(1));
      await store.call('delete', new users.DeleteReq().setOptions(new users.DeleteReq.Options().setLoginName('dora')));
      await denied(dora.appendToStream(stream, noted(2)));
      await expect(store.details('dora')).rejects.toMatchObject({ code: 5 });
      await store.makeUser('dora', 'another');
      await denied(dora.appendToStream(stream, noted(2)));
      await store.client('dora', 'another').appendToStream(stream, noted(2));
    });

    it('are there after a restart, and their passwords nowhere in the log', async () => {
      await store.restart();
      const ann = store.client('ann', 'ann secret');
      await ann.appendToStream(fresh(), noted(1));
      for await (const { event } of store.admin().readAll()) {
        const text = JSON.stringify([event?.data, event?.metadata], (_, value: unknown) =>
          typeof value === 'bigint' ? String(value) : value,
        );
        expect(text).not.toContain('secret');
      }
      admin = store.admin();
    });
  });

  describe('rights', () => {
    it('follow the list of the stream, each by itself', async () => {
      const stream = fresh();
      await admin.setStreamMetadata(stream, aclOf({ $r: ['readers'], $w: 'bob', $d: [], $mr: 'ann', $mw: '$admins' }));
      const [ann, bob] = [store.client('ann', 'ann secret'), store.client('bob', 'bob secret')];
      await bob.appendToStream(stream, noted(1));
      await denied(ann.appendToStream(stream, noted(1)));
      await denied(ann.appendToStream(stream, noted(1), { credentials: { username: 'ann', password: 'ann secret' } }));
      expect(await all(ann.readStream(stream))).toBe(1);
      await denied(all(bob.readStream(stream, { fromRevision: END, direction: 'backwards' })));
      await denied(takeUntil(bob.subscribeToStream(stream)[Symbol.asyncIterator](), () => true));
      expect((await ann.getStreamMetadata(stream)).metadata).toBeDefined();
      await denied(bob.getStreamMetadata(stream));
      for (const client of [ann, bob]) {
        await denied(client.deleteStream(stream));
        await denied(client.tombstoneStream(stream));
        await denied(client.setStreamMetadata(stream, aclOf({ $r: '$all' })));
        await denied(client.appendToStream(`$$${stream}`, noted(1)));
        await denied(client.deleteStream(`$$${stream}`));
      }
    });

    it('fall back to the defaults of $settings', async () => {
      const ann = store.client('ann', 'ann secret');
      const stream = fresh();
      await ann.appendToStream(stream, noted(1));
      await settings({ $r: '$admins', $w: '$admins', $d: '$admins', $mr: '$admins', $mw: '$admins' });
      await denied(ann.appendToStream(stream, noted(2)));
      await denied(all(ann.readStream(stream)));
      await settings({ $r: '$all', $w: '$all', $d: '$all', $mr: '$all', $mw: '$all' });
      expect(await all(ann.readStream(stream))).toBe(1);
    });

    it('keep the system’s streams and $all to the administrators until they say otherwise', async () => {
      const ann = store.client('ann', 'ann secret');
      for (const stream of ['$settings', '$user-admin', '$store', '$$$settings', '$$$user-admin']) {
        await denied(all(ann.readStream(stream)));
        await denied(ann.appendToStream(stream, noted(1)));
      }
      await denied(all(ann.readAll()));
      await denied(takeUntil(ann.subscribeToAll()[Symbol.asyncIterator](), () => true));
      await denied(ann.setStreamMetadata('$all', aclOf({ $r: 'ann' })));
      await admin.setStreamMetadata('$all', aclOf({ $r: 'ann' }));
      expect(await all(ann.readAll({ maxCount: 1 }))).toBe(1);
      await admin.setStreamMetadata('$all', aclOf({}));
      await denied(all(ann.readAll()));
    });

    it('hold behind links, too', async () => {
      const [own, other] = [fresh(), fresh()];
      await admin.setStreamMetadata(other, aclOf({ $r: '$admins' }));
      await admin.appendToStream(other, noted(7));
      const ann = store.client('ann', 'ann secret');
      const link = { ...jsonEvent({ type: '$>', data: {} }), data: `0@${other}` };
      await admin.appendToStream(own, {
        ...link,
        contentType: 'application/octet-stream',
        data: Buffer.from(link.data),
      } as never);
      const seen = async (client: EventStoreDBClient): Promise<unknown> => {
        const events = [];
        for await (const { event, link: from } of client.readStream(own, { resolveLinkTos: true }))
          events.push([event?.data, from?.streamId]);
        return events;
      };
      expect(await seen(admin)).toEqual([[{ n: 7 }, own]]);
      expect(await seen(ann)).toEqual([[undefined, own]]);
    });
  });
});
