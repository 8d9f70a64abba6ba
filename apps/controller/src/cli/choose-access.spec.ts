import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseAccess } from './choose-access';

const URL = 'esdb://db:2113?tls=true&tlsCAFile=%2Fca.crt';

describe('the access to a log elsewhere that up keeps', () => {
  let state: string;
  const kept = (name: string): string | undefined =>
    existsSync(join(state, name)) ? readFileSync(join(state, name), 'utf8').trim() : undefined;
  const choose = (environment: NodeJS.ProcessEnv, remote = false): Promise<void> =>
    chooseAccess(environment, state, '/here', remote);
  const log = (url: string): void => {
    writeFileSync(join(state, 'store-url'), url);
  };

  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), 'cairn-choose-access-'));
    writeFileSync(join(state, 'secret'), 's3cret\n', { mode: 0o600 });
    log(URL);
  });
  afterEach(() => {
    rmSync(state, { recursive: true });
  });

  const ADMIN = (): NodeJS.ProcessEnv => ({
    CAIRN_EVENTSTORE_ADMIN: 'admin',
    CAIRN_EVENTSTORE_ADMIN_PASSWORD_FILE: join(state, 'secret'),
    CAIRN_EVENTSTORE_SECURE: 'yes',
  });

  it('is an administrator, with a password for root alone, until that is taken back', async () => {
    await choose(ADMIN());
    await choose({});
    expect([kept('store-admin'), kept('store-admin.password'), kept('store-secure')]).toEqual([
      'admin',
      's3cret',
      'yes',
    ]);
    expect(statSync(join(state, 'store-admin.password')).mode & 0o777).toBe(0o600);
    await choose({ CAIRN_EVENTSTORE_ADMIN: '', CAIRN_EVENTSTORE_SECURE: 'no' });
    expect([kept('store-admin'), kept('store-admin.password'), kept('store-secure')]).toEqual([]);
    const { CAIRN_EVENTSTORE_ADMIN } = ADMIN();
    await expect(choose({ CAIRN_EVENTSTORE_ADMIN })).rejects.toThrow(/needs CAIRN_EVENTSTORE_ADMIN_PASSWORD_FILE/);
  });

  it('is forgotten with that log', async () => {
    await choose({ ...ADMIN(), CAIRN_HOSTS_EVENTSTORE_URL: URL });
    rmSync(join(state, 'store-url'));
    await choose({});
    for (const name of ['store-admin', 'store-admin.password', 'store-secure', 'store-hosts-url'])
      expect(kept(name)).toBeUndefined();
  });

  it('is for hosts on other machines where the log is, or where it is told to be', async () => {
    await choose({}, true);
    await choose({ CAIRN_HOSTS_EVENTSTORE_URL: 'esdb://10.0.0.1,10.0.0.2?tlsCAFile=ca.crt' }, true);
    expect(kept('store-hosts-url')).toBe('esdb://10.0.0.1:2113,10.0.0.2:2113?tlsCAFile=%2Fhere%2Fca.crt');
    log('esdb://127.0.0.1?tlsCAFile=/ca.crt');
    await choose({}, true);
  });

  it.each([
    ['esdb://db?tls=false', '', /^CAIRN_EVENTSTORE_URL has no TLS, which is needed for hosts on other machines/],
    ['esdb://db?tls=true', '', /^CAIRN_EVENTSTORE_URL names no tlsCAFile/],
    [
      'esdb://localhost?tlsCAFile=/ca',
      '',
      /^CAIRN_EVENTSTORE_URL names localhost, .*: set CAIRN_HOSTS_EVENTSTORE_URL$/,
    ],
    [URL, 'esdb://db?tls=false', /^CAIRN_HOSTS_EVENTSTORE_URL has no TLS/],
    [URL, 'esdb://db', /^CAIRN_HOSTS_EVENTSTORE_URL names no tlsCAFile/],
    [URL, 'esdb://me:secret@db?tlsCAFile=/ca', /^CAIRN_HOSTS_EVENTSTORE_URL must not name a user/],
    [URL, 'esdb://', /^CAIRN_HOSTS_EVENTSTORE_URL is no connection string/],
  ])('may not be %s and %j for hosts elsewhere', async (url, hosts, complaint) => {
    log(url);
    await expect(choose({ CAIRN_HOSTS_EVENTSTORE_URL: hosts }, true)).rejects.toThrow(complaint);
  });
});
