import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientOf, ConnectionStringError, connectionText, parsedConnection, withLogin } from './connection';

const SECRET = 's3cret-Pa55';

describe('a connection string', () => {
  it.each([
    ['one node', 'esdb://10.0.0.1:2113?tls=false', 'esdb://10.0.0.1:2113?tls=false'],
    ['a port left out', 'esdb://db.example.org', 'esdb://db.example.org:2113'],
    ['several nodes', 'esdb://a:1,b:2,c:3?tls=true', 'esdb://a:1,b:2,c:3?tls=true'],
    ['a name to be discovered', 'esdb+discover://db.example.org:2113', 'esdb+discover://db.example.org:2113'],
    [
      'every documented parameter, in other cases',
      'esdb://a?TLS=true&maxDiscoverAttempts=3&discovery_interval=50&gossipTimeout=2&nodePreference=FOLLOWER' +
        '&connectionName=my%20cloud&defaultDeadline=5000&throwOnAppendFailure=false&keepAliveInterval=20000&keepAliveTimeout=9000',
      'esdb://a:2113?tls=true&maxDiscoverAttempts=3&discoveryInterval=50&gossipTimeout=2&nodePreference=follower' +
        '&connectionName=my%20cloud&defaultDeadline=5000&throwOnAppendFailure=false&keepAliveInterval=20000&keepAliveTimeout=9000',
    ],
    ['relative paths of files', 'esdb://a?tlsCAFile=./ca.crt', 'esdb://a:2113?tlsCAFile=%2Fhere%2Fca.crt'],
    [
      'files that say who the client is',
      'esdb://a?userCertFile=u.crt&userKeyFile=%2Fk%2Fu.key',
      'esdb://a:2113?userCertFile=%2Fhere%2Fu.crt&userKeyFile=%2Fk%2Fu.key',
    ],
    ['user and password, which it does not show', `esdb://me:${SECRET}@a,b?tls=true`, 'esdb://a:2113,b:2113?tls=true'],
  ])('is taken with %s', (_, given, shown) => {
    const text = connectionText(parsedConnection(given), '/here');
    expect(text).toBe(shown);
    expect(connectionText(parsedConnection(text), '/elsewhere')).toBe(text);
  });

  it('has user and password with any characters', () => {
    const { defaultCredentials } = parsedConnection('esdb://me%40home:p%3A%40%2F%3F@a,b?tls=true');
    expect(defaultCredentials).toEqual({ username: 'me@home', password: 'p:@/?' });
  });

  it.each([
    ['another scheme', `http://me:${SECRET}@a`],
    ['no node', `esdb://me:${SECRET}@`],
    ['a port that is none', `esdb://me:${SECRET}@a:port`],
    ['a parameter without a value', `esdb://me:${SECRET}@a?tls`],
    ['a value that does not fit', `esdb://me:${SECRET}@a?tls=maybe`],
    ['a password that is not encoded', `esdb://me:x@${SECRET}@a?tls=true`],
    ['a file that does not exist', `esdb://me:${SECRET}@a?tlsCAFile=/nowhere/ca.crt`],
    ['half of what says who the client is', `esdb://me:${SECRET}@a?userKeyFile=/nowhere/u.key`],
    ['a value that the client refuses', `esdb://me:${SECRET}@a?keepAliveInterval=-5`],
  ])('with %s is refused in words that show none of it', (_, given) => {
    const refused = (): unknown => clientOf(parsedConnection(given));
    expect(refused).toThrow(ConnectionStringError);
    expect(refused).not.toThrow(new RegExp(SECRET));
  });

  it('is told to nobody where the client ignores a part of it', () => {
    const said = jest.spyOn(console, 'warn').mockImplementation();
    const warned: string[] = [];
    parsedConnection(`esdb://me:${SECRET}@a?color=blue&tlsVerifyCert=false`, (what) => warned.push(what));
    expect(said).not.toHaveBeenCalled();
    said.mockRestore();
    expect(warned).toEqual([
      'Unknown option key "color", setting will be ignored.',
      '"tlsVerifyCert" is not currently supported by this client, and will have no effect.',
    ]);
  });

  it('takes a login besides, but not without TLS, where the client would leave it out', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cairn-ca-'));
    writeFileSync(join(folder, 'ca.pem'), '');
    const login = { user: 'me', password: SECRET, caFile: join(folder, 'ca.pem') };
    expect(withLogin(parsedConnection('esdb://a?tls=true'), login)).toMatchObject({
      defaultCredentials: { username: 'me', password: SECRET },
      tlsCAFile: login.caFile,
    });
    expect(withLogin(parsedConnection('esdb://a?tlsCAFile=/own'), login).tlsCAFile).toBe('/own');
    expect(() => withLogin(parsedConnection('esdb://a?tls=false'), login)).toThrow(ConnectionStringError);
  });
});
