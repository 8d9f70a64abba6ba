import { silentLog } from '../../ports/log.port';

import { OwnServices } from './own-services';

const NAMES: Readonly<Record<string, readonly string[]>> = {
  'queue.example': ['198.51.100.7', '198.51.100.8', '2001:db8::7'],
  localhost: ['::1', '127.0.0.1'],
};

describe('where a host reaches the services of the cloud', () => {
  it('is at the addresses of their URLs, with the ports that those mean, and not on loopback', async () => {
    const resolve = (name: string): Promise<readonly string[]> => Promise.resolve(NAMES[name] ?? [name]);
    const services = (...urls: readonly string[]): Promise<unknown> => new OwnServices(urls, silentLog, resolve).all();
    expect(await services('https://192.0.2.1:8780', 'rediss://192.0.2.1:6390', 'esdb://192.0.2.2?tls=true')).toEqual([
      { address: '192.0.2.1', port: 8780 },
      { address: '192.0.2.1', port: 6390 },
      { address: '192.0.2.2', port: 2113 },
    ]);
    expect(await services('rediss://queue.example', 'https://192.0.2.1')).toEqual([
      { address: '198.51.100.7', port: 6379 },
      { address: '198.51.100.8', port: 6379 },
      { address: '2001:db8::7', port: 6379 },
      { address: '192.0.2.1', port: 443 },
    ]);
    expect(await services('esdb+discover://192.0.2.1:2113,queue.example:2114?tls=true')).toEqual([
      { address: '192.0.2.1', port: 2113 },
      { address: '198.51.100.7', port: 2114 },
      { address: '198.51.100.8', port: 2114 },
      { address: '2001:db8::7', port: 2114 },
    ]);
    expect(await services('http://127.0.0.1:8775', 'esdb://localhost:2113?tls=false', 'https://[2001:db8::1]')).toEqual(
      [{ address: '2001:db8::1', port: 443 }],
    );
  });

  it('is asked for again while a name cannot be resolved, and not any more when it could', async () => {
    const told: string[] = [];
    const answers = [Promise.reject(new Error('EAI_AGAIN')), Promise.resolve(['192.0.2.1'])];
    answers[0]?.catch(() => undefined);
    const services = new OwnServices(
      ['https://cloud.example:8780'],
      { ...silentLog, error: (message) => told.push(message) },
      () => answers.shift() ?? Promise.reject(new Error('asked too often')),
    );
    expect(await services.all()).toEqual([]);
    for (let n = 0; n < 2; n += 1) expect(await services.all()).toEqual([{ address: '192.0.2.1', port: 8780 }]);
    expect(told).toHaveLength(1);
  });
});
