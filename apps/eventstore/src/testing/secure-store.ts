import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import { UsersClient } from '@eventstore/db-client/generated/users_grpc_pb';
import * as users from '@eventstore/db-client/generated/users_pb';
import { credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { makeCertificates } from '../../../../test/support/certificates';
import {
  startEmbeddedEventStore,
  temporaryDirectory,
  type EmbeddedEventStore,
} from '../../../../test/support/embedded-eventstore';

export const ADMIN_PASSWORD = 'the administrator of tests';

type Unary<Q, R> = (
  request: Q,
  metadata: Metadata,
  callback: (error: ServiceError | null, response: R) => void,
) => unknown;

/** A store with TLS and users in a process of its own, and clients that log in. */
export class SecureStore {
  private readonly clients: EventStoreDBClient[] = [];
  private readonly usersClient: UsersClient;

  private constructor(
    private readonly folder: Awaited<ReturnType<typeof temporaryDirectory>>,
    readonly caFile: string,
    private readonly args: readonly string[],
    private server: EmbeddedEventStore,
  ) {
    const ssl = credentials.createSsl(readFileSync(caFile));
    this.usersClient = new UsersClient(`127.0.0.1:${String(server.port)}`, ssl);
  }

  static async start(): Promise<SecureStore> {
    const folder = await temporaryDirectory();
    const { caFile, certificateFile, keyFile } = makeCertificates(folder.path, ['127.0.0.1']);
    const passwordFile = join(folder.path, 'admin.password');
    writeFileSync(passwordFile, `${ADMIN_PASSWORD}\n`, { mode: 0o600 });
    const args = ['--tls-cert', certificateFile, '--tls-key', keyFile, '--admin-password-file', passwordFile];
    const server = await startEmbeddedEventStore({ directory: join(folder.path, 'log'), args });
    return new SecureStore(folder, caFile, args, server);
  }

  /** Without a login: nobody in particular. */
  client(login?: string, password = ''): EventStoreDBClient {
    const user = login === undefined ? '' : `${encodeURIComponent(login)}:${encodeURIComponent(password)}@`;
    const address = `127.0.0.1:${String(this.server.port)}`;
    const client = EventStoreDBClient.connectionString(`esdb://${user}${address}?tls=true&tlsCAFile=${this.caFile}`);
    this.clients.push(client);
    return client;
  }

  admin(): EventStoreDBClient {
    return this.client('admin', ADMIN_PASSWORD);
  }

  async makeUser(login: string, password: string, groups: readonly string[] = []): Promise<void> {
    const options = new users.CreateReq.Options()
      .setLoginName(login)
      .setPassword(password)
      .setGroupsList([...groups]);
    await this.call('create', new users.CreateReq().setOptions(options));
  }

  /** A call of the users service, as the administrator unless told otherwise. */
  call<M extends 'create' | 'update' | 'delete' | 'disable' | 'enable' | 'changePassword' | 'resetPassword'>(
    method: M,
    request: Parameters<UsersClient[M]>[0],
    login = 'admin',
    password = ADMIN_PASSWORD,
  ): Promise<void> {
    const send = this.usersClient[method].bind(this.usersClient) as Unary<typeof request, unknown>;
    return new Promise((resolve, reject) => {
      send(request, basic(login, password), (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
  }

  /** @param about nobody: all users */
  details(
    about: string,
    login = 'admin',
    password = ADMIN_PASSWORD,
  ): Promise<readonly users.DetailsResp.UserDetails.AsObject[]> {
    const request = new users.DetailsReq();
    if (about !== '') request.setOptions(new users.DetailsReq.Options().setLoginName(about));
    const answers = this.usersClient.details(request, basic(login, password));
    return new Promise((resolve, reject) => {
      const found: users.DetailsResp.UserDetails.AsObject[] = [];
      answers.on('data', (response: users.DetailsResp) => {
        const user = response.getUserDetails();
        if (user !== undefined) found.push(user.toObject());
      });
      answers.on('error', reject);
      answers.on('end', () => {
        resolve(found);
      });
    });
  }

  async restart(): Promise<void> {
    await this.server.stop();
    const { directory, port } = this.server;
    this.server = await startEmbeddedEventStore({ directory, port, args: this.args });
  }

  async stop(): Promise<void> {
    for (const client of this.clients) await client.dispose();
    this.usersClient.close();
    await this.server.stop();
    await this.folder.remove();
  }
}

function basic(login: string, password: string): Metadata {
  const metadata = new Metadata();
  metadata.set('authorization', `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`);
  return metadata;
}
