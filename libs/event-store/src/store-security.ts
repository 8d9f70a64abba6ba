import { type EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { UsersClient } from '@eventstore/db-client/generated/users_grpc_pb';
import * as messages from '@eventstore/db-client/generated/users_pb';
import { status, type Metadata, type ServiceError } from '@grpc/grpc-js';
import { clientOf, parsedConnection, withLogin } from './connection';
import { connectionOf } from './nodes/connection';
import type { StoreLogin } from './store-login';

/** Logins and groups for each right: read, write, delete, and read and write of the metadata. */
export interface StreamAccess {
  readonly $r: readonly string[];
  readonly $w: readonly string[];
  readonly $d: readonly string[];
  readonly $mr: readonly string[];
  readonly $mw: readonly string[];
}

export interface StoreUser {
  readonly login: string;
  readonly password: string;
  readonly groups: readonly string[];
}

const DEADLINE_MS = 10_000;
const SETTINGS = '$settings';

/** Users and access lists of a store, under an administrator's login. The client library has no words for users. */
export class StoreSecurity {
  private constructor(
    private readonly client: EventStoreDBClient,
    private readonly users: UsersClient,
    private readonly authorization: Metadata,
  ) {}

  /** @param url of one node, as for EventStoreDb; nothing is connected yet */
  static connect(url: string, login: StoreLogin): StoreSecurity {
    const connection = withLogin(parsedConnection(url), login);
    const { seeds, security, metadata } = connectionOf(connection);
    const [node = ''] = seeds;
    return new StoreSecurity(clientOf(connection), new UsersClient(node, security), metadata);
  }

  /** Makes the user; one of that name stays as it is. */
  async makeUser({ login, password, groups }: StoreUser): Promise<void> {
    const options = new messages.CreateReq.Options().setLoginName(login).setPassword(password).setFullName(login);
    const request = new messages.CreateReq().setOptions(options.setGroupsList([...groups]));
    try {
      await this.ask<messages.CreateReq>((...call) => this.users.create(...call), request);
    } catch (error) {
      if (codeOf(error) !== status.FAILED_PRECONDITION) throw error;
    }
  }

  /** Deletes the user, if there is one; its open calls end at once. */
  async removeUser(login: string): Promise<void> {
    const request = new messages.DeleteReq().setOptions(new messages.DeleteReq.Options().setLoginName(login));
    try {
      await this.ask<messages.DeleteReq>((...call) => this.users.delete(...call), request);
    } catch (error) {
      if (codeOf(error) !== status.NOT_FOUND) throw error;
    }
  }

  /** Sets the access list of one stream; the rest of its metadata stays. Writes nothing when it is so already. */
  async restrict(stream: string, access: StreamAccess): Promise<void> {
    const { metadata = {} } = await this.client.getStreamMetadata(stream);
    const acl = (metadata as { readonly acl?: unknown }).acl;
    const wanted = {
      readRoles: [...access.$r],
      writeRoles: [...access.$w],
      deleteRoles: [...access.$d],
      metaReadRoles: [...access.$mr],
      metaWriteRoles: [...access.$mw],
    };
    if (JSON.stringify(acl) === JSON.stringify(wanted)) return;
    await this.client.setStreamMetadata(stream, { ...metadata, acl: wanted });
  }

  /** Sets the access list of streams without one of their own. Writes nothing when it is so already. */
  async restrictAll(user: StreamAccess, system: StreamAccess): Promise<void> {
    const data = { $userStreamAcl: { ...user }, $systemStreamAcl: { ...system } };
    const last = this.client.readStream(SETTINGS, { direction: 'backwards', fromRevision: 'end', maxCount: 1 });
    for await (const { event } of last) if (JSON.stringify(event?.data) === JSON.stringify(data)) return;
    await this.client.appendToStream(SETTINGS, jsonEvent({ type: SETTINGS, data }));
  }

  async close(): Promise<void> {
    this.users.close();
    await this.client.dispose();
  }

  private ask<Q>(
    call: (
      request: Q,
      metadata: Metadata,
      options: { readonly deadline: number },
      callback: (error: ServiceError | null) => void,
    ) => unknown,
    request: Q,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      call(request, this.authorization, { deadline: Date.now() + DEADLINE_MS }, (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
  }
}

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown }).code;
