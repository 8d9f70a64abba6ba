import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseLog } from './choose-log';

const SECRET = 's3cret-Pa55';

describe('the log that up keeps', () => {
  let state: string;
  let said: string;

  const kept = (name: string): string | undefined =>
    existsSync(join(state, name)) ? readFileSync(join(state, name), 'utf8').trim() : undefined;
  const choose = (environment: NodeJS.ProcessEnv): Promise<void> => chooseLog(environment, state, '/here');

  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), 'cairn-choose-log-'));
    said = '';
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      said += String(text);
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    expect(said).not.toContain(SECRET);
    rmSync(state, { recursive: true });
  });

  it('is named without its user and password, which are in files of their own, for root alone', async () => {
    await choose({ CAIRN_EVENTSTORE_URL: `esdb://me:${SECRET}@a,b?tls=true&tlsCAFile=ca.crt` });
    expect(kept('store-url')).toBe('esdb://a:2113,b:2113?tls=true&tlsCAFile=%2Fhere%2Fca.crt');
    expect([kept('store-user'), kept('store.password')]).toEqual(['me', SECRET]);
    for (const name of ['store-url', 'store-user', 'store.password'])
      expect(statSync(join(state, name)).mode & 0o777).toBe(0o600);
  });

  it('stays as it is where nothing names it, and goes when it is set to nothing', async () => {
    await choose({ CAIRN_EVENTSTORE_URL: `esdb://me:${SECRET}@a` });
    await choose({});
    expect(kept('store-url')).toBe('esdb://a:2113');
    await choose({ CAIRN_EVENTSTORE_URL: '' });
    expect([kept('store-url'), kept('store-user'), kept('store.password')]).toEqual([undefined, undefined, undefined]);
  });

  it('takes another login for the log that it has, from a file that others may not read', async () => {
    const file = join(state, 'new.password');
    writeFileSync(file, `${SECRET}\n`);
    chmodSync(file, 0o644);
    const login = { CAIRN_EVENTSTORE_USER: 'you', CAIRN_EVENTSTORE_PASSWORD_FILE: file };
    await choose({ CAIRN_EVENTSTORE_URL: 'esdb://a' });
    await expect(choose(login)).rejects.toThrow(/everybody may read: chmod 600/);
    chmodSync(file, 0o600);
    await choose(login);
    expect([kept('store-url'), kept('store-user'), kept('store.password')]).toEqual(['esdb://a:2113', 'you', SECRET]);
    await expect(choose({ CAIRN_EVENTSTORE_USER: 'you' })).rejects.toThrow(/needs CAIRN_EVENTSTORE_PASSWORD_FILE/);
  });

  it('is still taken by its former name, which it says', async () => {
    await choose({ EVENTSTORE_URL: 'esdb://a?tls=false' });
    expect(kept('store-url')).toBe('esdb://a:2113?tls=false');
    expect(said).toMatch(/EVENTSTORE_URL is called CAIRN_EVENTSTORE_URL now, and still taken/);
  });

  it.each([
    ['esdb://a.example:2113?tls=true', 'esdb://a.example:2113?tls=true'],
    ['esdb://127.0.0.1:2113?tls=false', undefined],
  ])('of a cloud from before it was remembered, at %s, is %s', async (eventStoreUrl, wanted) => {
    writeFileSync(join(state, 'controller.json'), JSON.stringify({ eventStoreUrl }));
    await choose({});
    expect(kept('store-url')).toBe(wanted);
  });

  it('is refused without a word of its secrets', async () => {
    const refused = choose({ CAIRN_EVENTSTORE_URL: `esdb://me:${SECRET}@a?tls=maybe` });
    await expect(refused).rejects.toThrow(
      /^CAIRN_EVENTSTORE_URL is no connection string of EventStoreDB: at character \d+/,
    );
    await expect(refused).rejects.not.toThrow(new RegExp(SECRET));
    expect(kept('store-url')).toBeUndefined();
  });

  it('says what is ignored in it, and that nothing protects it on its way', async () => {
    await choose({ CAIRN_EVENTSTORE_URL: `esdb://me:${SECRET}@10.0.0.1?tls=false&color=blue` });
    expect(said).toMatch(/Unknown option key "color"/);
    expect(said).toMatch(/the user me is left out/);
    expect(said).toMatch(/another machine without TLS/);
    expect(kept('store.password')).toBeUndefined();
  });
});
