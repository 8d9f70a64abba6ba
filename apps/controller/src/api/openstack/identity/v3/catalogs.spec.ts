import { parseConfig } from '../../../../config';
import { setOrigin } from '../../../http/request-origin';
import { Links } from '../links';
import { Catalogs } from './catalogs';

const from = (host: string): never => {
  const request = { headers: { host } };
  setOrigin(request as never, { client: '192.0.2.9', scheme: undefined, host: undefined });
  return request as never;
};

describe('the catalogs in tokens', () => {
  const catalogs = new Catalogs(new Links(parseConfig({ stateDir: '/tmp/x' })));
  const urls = (project: string | null, host: string) =>
    JSON.stringify(catalogs.of(project, from(host))).match(/http:[^"]+/g);

  it.each(['the first time', 'again'])('have the URLs of each project and of each way to the cloud, %s', () => {
    for (const host of ['one', 'two']) {
      for (const project of ['p1', 'p2']) expect(urls(project, host)).toContain(`http://${host}:8774/v2.1/${project}`);
      expect(urls(null, host)).not.toContainEqual(expect.stringContaining('v2.1'));
      expect(new Set(urls('p1', host)?.map((url) => new URL(url).hostname))).toEqual(new Set([host]));
    }
  });

  it('are made once for those who ask again', () => {
    expect(catalogs.of('p1', from('one'))).toBe(catalogs.of('p1', from('one')));
  });
});
