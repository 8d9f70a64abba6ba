import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '../random';
import { KeyDestroyed, type Keyring, keyringFolder, memoryKeyring, openKeyring } from '.';

const at = { stream: 'user-1', field: 'passwordHash' };

class FakeClock {
  private ms = Date.parse('2026-01-01T00:00:00.000Z');
  now = (): string => new Date(this.ms).toISOString();
  pass(ms: number): void {
    this.ms += ms;
  }
}

function behavesAsKeyring(make: (clock: FakeClock) => Promise<Keyring>): void {
  let keyring: Keyring;
  beforeEach(async () => {
    keyring = await make(new FakeClock());
  });

  it('opens what it sealed', async () => {
    const sealed = await keyring.seal('domain/default', at, 'secret');
    expect((await keyring.open(sealed, at))?.toString()).toBe('secret');
    expect(JSON.stringify(sealed)).not.toContain('secret');
  });

  it('opens nothing that was moved, altered or sealed by another key', async () => {
    const sealed = await keyring.seal('domain/default', at, 'secret');
    const other = await keyring.seal('project/1', at, 'secret');
    const changed = `${sealed.ciphertext.slice(0, -2)}${sealed.ciphertext.endsWith('AA') ? 'BB' : 'AA'}`;
    expect(await keyring.open(sealed, { ...at, stream: 'user-2' })).toBeUndefined();
    expect(await keyring.open(sealed, { ...at, field: 'x' })).toBeUndefined();
    expect(await keyring.open({ ...sealed, ciphertext: changed }, at)).toBeUndefined();
    expect(await keyring.open({ ...sealed, ciphertext: 'v1.' }, at)).toBeUndefined();
    expect(await keyring.open({ ...sealed, keyId: other.keyId }, at)).toBeUndefined();
    expect(await keyring.open({ ...sealed, keyId: 'project/unknown@00' }, at)).toBeUndefined();
    expect(await keyring.open({ ...sealed, keyId: '../x' }, at)).toBeUndefined();
  });

  it('never opens again what was sealed under a destroyed key, and seals nothing more under it', async () => {
    const [mine, other] = [await keyring.seal('project/1', at, 'a'), await keyring.seal('project/2', at, 'b')];
    await keyring.destroy('project/1');
    await keyring.destroy('project/1');
    expect(await keyring.open(mine, at)).toBeUndefined();
    expect((await keyring.open(other, at))?.toString()).toBe('b');
    await expect(keyring.seal('project/1', at, 'a')).rejects.toThrow(KeyDestroyed);
  });

  it('proves data for one purpose only', () => {
    expect(keyring.mac('token', 'data')).toEqual(keyring.mac('token', Buffer.from('data')));
    expect(keyring.mac('token', 'data')).not.toEqual(keyring.mac('command', 'data'));
  });
}

describe('a keyring in memory', () => {
  behavesAsKeyring((clock) => memoryKeyring(clock, systemRandom));
});

describe('a keyring in a folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cairn-keyring-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const open = (clock = new FakeClock(), environment = {}) => openKeyring(folder, clock, systemRandom, environment);

  describe('by the contract', () => {
    behavesAsKeyring((clock) => open(clock));
  });

  it('is the same after a restart and for a second controller', async () => {
    const [first, second] = await Promise.all([open(), open()]);
    const [a, b] = await Promise.all([first.seal('cloud', at, 'a'), second.seal('cloud', at, 'b')]);
    const third = await open();
    expect((await third.open(a, at))?.toString()).toBe('a');
    expect((await third.open(b, at))?.toString()).toBe('b');
    expect(third.mac('token', 'x')).toEqual(first.mac('token', 'x'));
  });

  it('notices within seconds that another controller destroyed a key', async () => {
    const clock = new FakeClock();
    const [first, second] = [await open(clock), await open()];
    const sealed = await first.seal('project/1', at, 'a');
    await second.destroy('project/1');
    clock.pass(6_000);
    expect(await first.open(sealed, at)).toBeUndefined();
  });

  it('keeps its files from others and no key in clear', async () => {
    const keyring = await open();
    await keyring.seal('project/1', at, 'a');
    const keys = join(keyringFolder(folder), 'keys');
    expect((await readdir(keys)).sort()).toEqual(['mac.json', 'project-1.json']);
    expect((await stat(join(keys, 'project-1.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(keyringFolder(folder), 'master.key'))).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(join(keys, 'project-1.json'), 'utf8'))).toEqual({
      keyId: expect.stringMatching(/^project\/1@[0-9a-f]{16}$/) as string,
      wrapped: expect.stringMatching(/^v1\./) as string,
    });
  });

  it('does not start over when the master key is lost, open to others or another one', async () => {
    await open();
    const file = join(keyringFolder(folder), 'master.key');
    await chmod(file, 0o644);
    await expect(open()).rejects.toThrow('chmod 600');
    await rm(file);
    await expect(open()).rejects.toThrow('restore it from its backup');
    const other = { CAIRN_MASTER_KEY: systemRandom.bytes(32).toString('base64') };
    await expect(open(new FakeClock(), other)).rejects.toThrow('not the one that this keyring was made with');
    await expect(open(new FakeClock(), { CAIRN_MASTER_KEY: 'short' })).rejects.toThrow('base64 of 32 bytes');
  });

  it('takes the master key from the environment and then writes none', async () => {
    const environment = { CAIRN_MASTER_KEY: systemRandom.bytes(32).toString('base64') };
    const sealed = await (await open(new FakeClock(), environment)).seal('cloud', at, 'a');
    expect(await readdir(keyringFolder(folder))).toEqual(['keys']);
    expect(await (await open(new FakeClock(), environment)).open(sealed, at)).toEqual(Buffer.from('a'));
  });
});
