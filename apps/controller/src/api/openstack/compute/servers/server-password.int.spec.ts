import { PostedPasswords } from '../../../../application/server/posted-password';
import { ComputeCloud, type Reply } from '../testing/compute-cloud';

describe('what guests tell of their servers', () => {
  let cloud: ComputeCloud;
  let demo: string;
  let server: string;

  beforeAll(async () => {
    cloud = await ComputeCloud.start();
    demo = cloud.tenant();
    server = await cloud.active(demo);
  });
  afterAll(() => cloud.close());

  describe('the password that a guest has posted', () => {
    const password = (who: string, method: 'GET' | 'DELETE' = 'GET'): Promise<Reply> =>
      cloud.raw(method, `/v2.1/servers/${server}/os-server-password`, { 'x-auth-token': who });

    it('is shown to its project, and forgotten when it is cleared', async () => {
      expect((await password(demo)).body).toEqual({ password: '' });
      const passwords = cloud.app.get(PostedPasswords, { strict: false });
      const guest = { instanceId: server, projectId: `p-${demo}` };
      await passwords.post(guest, Buffer.from('ZW5jcnlwdGVk'));
      expect((await password(demo)).body).toEqual({ password: 'ZW5jcnlwdGVk' });
      await expect(passwords.post(guest, Buffer.from('again'))).rejects.toMatchObject({ kind: 'conflict' });
      expect((await password(cloud.tenant())).status).toBe(404);
      const cleared = await password(demo, 'DELETE');
      expect([cleared.status, cleared.text]).toEqual([204, '']);
      expect((await password(demo, 'DELETE')).status).toBe(204);
      expect((await password(demo)).body).toEqual({ password: '' });
      await passwords.post(guest, Buffer.from('again'));
      await cloud.core.keyring.destroy(`project/p-${demo}`);
      expect((await password('admin')).body).toEqual({ password: '' });
    });
  });
});
