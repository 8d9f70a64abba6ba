import { readFileSync } from 'node:fs';

import { EventStoreDb } from '@cairn/event-store';

import { describeWhere } from '../support/describe-where';

import { DEMO, eventually } from './cloud';
import { addressOf, GuestCloud } from './guest-cloud';
import { whyNoRealGuest } from './real-guests';

const SECRET = 'corriéct-horse 42';

/** What the agent in a guest does for its server, and a guest that somebody kills. */
describeWhere(whyNoRealGuest(), 'a guest with an agent', () => {
  const cloud = new GuestCloud({ firstPort: 31_600, cidr: '10.213.79.0/24', bridge: 'brcairnga' });
  let [id, address] = ['', ''];

  const inGuest = (command: string): Promise<string> => cloud.inGuest(address, command);

  /** The events of that type. Waits for the first, which may come a moment after what else tells of it. */
  async function eventsOf(type: string): Promise<readonly object[]> {
    const store = EventStoreDb.connect(cloud.logUrl, {});
    const found = async (): Promise<readonly object[]> => {
      const all: object[] = [];
      for await (const event of store.read(`instance-${id}`)) if (event.type === type) all.push(event.data);
      return all;
    };
    return eventually(found, (all) => all.length > 0).finally(() => store.close());
  }

  beforeAll(async () => {
    await cloud.begin('--property', 'hw_qemu_guest_agent=yes', '--property', 'os_require_quiesce=yes');
    const server = await cloud.launch('one');
    [id, address] = [server.id, addressOf(server)];
    await inGuest('pidof qemu-ga');
  });
  afterAll(() => cloud.destroy());

  it('has another password when its owner asks for one, which stands nowhere in clear', async () => {
    await cloud.does(['server', 'set', '--password', SECRET, 'one'], DEMO);
    const check = `IFS=: read -r _ hash _ < /etc/shadow; salt=\${hash#\\$6\\$}; salt=\${salt%%\\$*}
      [ "$(printf '%s\\n' '${SECRET}' | mkpasswd -m sha512 -S "$salt")" = "$hash" ] && echo same`;
    expect((await inGuest(check)).trim()).toBe('same');
    expect(await eventsOf('instance.password-changed.v1')).toHaveLength(1);
    for (const secret of [SECRET, Buffer.from(SECRET).toString('base64')])
      expect((await cloud.run('grep', ['-rlaF', '--', secret, cloud.state])).stdout).toBe('');
    const history = await cloud.run('/bin/sh', ['-c', 'cat "$HOME"/.cache/libvirt/virsh/history 2> /dev/null || true']);
    expect(history.stdout).not.toContain('guest-set-user-password');
  });

  it('has its file systems frozen while its disk is copied, and writes on afterwards', async () => {
    await inGuest('echo kept > /root/kept; echo ok');
    await cloud.does(['server', 'image', 'create', '--name', 'copy', '--wait', 'one'], DEMO);
    expect(await eventsOf('instance.snapshotted.v1')).toMatchObject([{ facts: { quiesced: true } }]);
    expect((await inGuest('echo more > /root/more && sync && cat /root/more')).trim()).toBe('more');
    const status = JSON.stringify({ execute: 'guest-fsfreeze-status' });
    expect(await cloud.virsh('qemu-agent-command', id, status)).toContain('"thawed"');
  });

  it('is followed by its server within seconds when it is killed on its host', async () => {
    const domain = (await cloud.virsh('domname', id)).trim();
    const pid = readFileSync(`/run/libvirt/qemu/${domain}.pid`, 'utf8').trim();
    await cloud.run('kill', ['-9', pid]);
    await cloud.becomes('one', 'SHUTOFF');
    const [went] = await eventsOf('instance.guest-went-off.v1');
    expect(went).toMatchObject({ cause: expect.stringMatching(/^\S.*\.$/) as string });
    const refused = await cloud.refused(['server', 'set', '--password', SECRET, 'one'], DEMO);
    expect(refused).toContain(`while it is in vm_state stopped`);
  });
});
