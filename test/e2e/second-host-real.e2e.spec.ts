import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realStore } from '../support/real-store';
import { outside } from './outside-address';
import { testSecondHost } from './second-host.contract';

/** Connection string, with an administrator's login, of an EventStoreDB with TLS and an empty log: the cloud stays in it. */
const REAL = realStore('CAIRN_TEST_EVENTSTORE');

const { user: login, password, url } = REAL ?? { user: '', password: '', url: '' };
const folder = mkdtempSync(join(tmpdir(), 'cairn-e2e-logins-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function missing(): string | undefined {
  if (REAL === undefined) return 'CAIRN_TEST_EVENTSTORE names no EventStoreDB';
  if (!REAL.isSecure || login === '') return "CAIRN_TEST_EVENTSTORE names no administrator's login by TLS";
  return outside.missing;
}

function secret(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, `${text}\n`, { mode: 0o600 });
  return file;
}

testSecondHost({
  title: 'a host on another machine, of a cloud whose log is an EventStoreDB',
  missing: missing(),
  firstPort: 36_210,
  settings: () => ({
    CAIRN_EVENTSTORE_URL: url,
    CAIRN_EVENTSTORE_USER: `cairn-${randomUUID().slice(0, 8)}`,
    CAIRN_EVENTSTORE_PASSWORD_FILE: secret('cairn', randomUUID()),
    CAIRN_EVENTSTORE_ADMIN: login,
    CAIRN_EVENTSTORE_ADMIN_PASSWORD_FILE: secret('admin', password),
    // also where it is on this machine, which it has in common with the host
    CAIRN_HOSTS_EVENTSTORE_URL: url,
  }),
  admin: () => ({ login, password }),
  listsOfUsers: [expect.stringMatching(/^allowed: \d+$/), 'allowed: 1'],
  operations: 'denied',
});
