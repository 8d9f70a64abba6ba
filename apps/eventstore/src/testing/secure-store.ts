import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import { UsersClient } from '@eventstore/db-client/generated/users_grpc_pb';
import * as users from '@eventstore/db-client/generated/users_pb';
import { credentials, type Metadata, type ServiceError } from '@grpc/grpc-js';
import { makeCertificates } from '../../../../test/support/certificates';
import {
  startEmbeddedEventStore,
  temporaryDirectory,
  type EmbeddedEventStore,
} from '../../../../test/support/embedded-eventstore';
import { basic } from '../security/basic';
import { answered, urlFor, userDetails } from './logins';

export const ADMIN_PASSWORD = 'the administrator of tests';
const PASSWORD_FILE = 'admin.password';

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
    const passwordFile = join(folder.path, PASSWORD_FILE);
    writeFileSync(passwordFile, `${ADMIN_PASSWORD}\n`, { mode: 0o600 });
    const args = ['--tls-cert', certificateFile, '--tls-key', keyFile, '--admin-password-file', passwordFile];
    const server = await startEmbeddedEventStore({ directory: join(folder.path, 'log'), args });
    return new SecureStore(folder, caFile, args, server);
  }

  get url(): string {
    return `esdb://127.0.0.1:${String(this.server.port)}?tls=true`;
  }

  /** The administrator's. */
  get passwordFile(): string {
    return join(this.folder.path, PASSWORD_FILE);
  }

  /** Without a login: nobody in particular. */
  client(login?: string, password = ''): EventStoreDBClient {
    const { url } = this;
    const who = { caFile: this.caFile, ...(login === undefined ? {} : { login, password }) };
    const client = EventStoreDBClient.connectionString(urlFor(url, who));
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
    return answered((answer) => send(request, basic(login, password), answer));
  }

  /** @param about nobody: all users */
  details(
    about: string,
    login = 'admin',
    password = ADMIN_PASSWORD,
  ): Promise<readonly users.DetailsResp.UserDetails.AsObject[]> {
    return userDetails(this.usersClient, about, basic(login, password));
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
