import { readFileSync } from 'node:fs';
import { AccessDeniedError, EventStoreDBClient, type StreamMetadata } from '@eventstore/db-client';
import { OperationsClient } from '@eventstore/db-client/generated/operations_grpc_pb';
import * as operations from '@eventstore/db-client/generated/operations_pb';
import { Empty } from '@eventstore/db-client/generated/shared_pb';
import { UsersClient } from '@eventstore/db-client/generated/users_grpc_pb';
import * as users from '@eventstore/db-client/generated/users_pb';
import { credentials, status, type Metadata, type ServiceError } from '@grpc/grpc-js';
import { noted } from './client';
import { basic } from '../security/basic';
import { answered, urlFor, userDetails, type CallerLogin } from './logins';

export type { CallerLogin } from './logins';

type Answer = (error: ServiceError | null) => void;

/** Calls the store with one login: by the official client, and by its stubs where the client lacks a call. */
export class StoreCaller {
  readonly client: EventStoreDBClient;
  private readonly users: UsersClient;
  private readonly operations: OperationsClient;
  private readonly authorization: Metadata;

  /** @param url `esdb://host:port?tls=true` */
  constructor(
    url: string,
    private readonly login: CallerLogin,
  ) {
    this.client = EventStoreDBClient.connectionString(urlFor(url, login));
    const [, address = ''] = /^esdb:\/\/([^/?]+)/.exec(url) ?? [];
    const ssl = credentials.createSsl(readFileSync(login.caFile));
    this.users = new UsersClient(address, ssl);
    this.operations = new OperationsClient(address, ssl);
    this.authorization = basic(login.login, login.password);
  }

  /** The revisions in a stream. */
  async read(stream: string): Promise<readonly bigint[]> {
    const revisions: bigint[] = [];
    for await (const { event } of this.client.readStream(stream)) if (event) revisions.push(event.revision);
    return revisions;
  }

  /** The names of all streams, in alphabetical order; for who may read everything. */
  async streams(): Promise<readonly string[]> {
    const names = new Set<string>();
    for await (const { event } of this.client.readAll()) if (event) names.add(event.streamId);
    return [...names].sort();
  }

  /** The first event that a subscription to this stream, or to `$all`, yields. */
  async subscribe(stream: string): Promise<void> {
    const subscription = stream === '$all' ? this.client.subscribeToAll() : this.client.subscribeToStream(stream);
    for await (const _ of subscription) return;
  }

  /** Waits on the stream until the store ends it. @returns how it was ended: `endingOf` its error */
  async follow(stream: string, begun: () => void): Promise<string> {
    try {
      const subscription = this.client.subscribeToStream(stream);
      subscription.on('confirmation', begun);
      for await (const _ of subscription);
      return 'over';
    } catch (error) {
      return endingOf(error);
    }
  }

  /** Everything that one can do to a stream, by name. Appends go both ways that the client has. */
  everythingWith(stream: string): Record<string, () => Promise<unknown>> {
    const { client } = this;
    const own = { credentials: { username: this.login.login, password: this.login.password } };
    const acl = { $acl: { $r: '$all', $w: '$all', $d: '$all', $mr: '$all', $mw: '$all' } };
    return {
      [`read ${stream}`]: () => this.read(stream),
      [`subscribe to ${stream}`]: () => this.subscribe(stream),
      [`append to ${stream}`]: () => client.appendToStream(stream, noted(1)),
      [`append singly to ${stream}`]: () => client.appendToStream(stream, noted(1), own),
      ...this.beyondAppending(stream, acl),
    };
  }

  /** What not even those who may read and append may do to a stream. */
  beyondAppending(
    stream: string,
    acl: StreamMetadata = { $acl: { $d: '$all' } },
  ): Record<string, () => Promise<unknown>> {
    const { client } = this;
    return {
      [`delete ${stream}`]: () => client.deleteStream(stream),
      [`delete ${stream} for ever`]: () => client.tombstoneStream(stream),
      [`read the metadata of ${stream}`]: () => client.getStreamMetadata(stream),
      [`write the metadata of ${stream}`]: () => client.setStreamMetadata(stream, acl),
    };
  }

  /** What only administrators may do, to the store itself. @param login of somebody else, or of the caller */
  administration(login: string): Record<string, () => Promise<unknown>> {
    const { users: service, operations: server } = this;
    const named = <O extends { setLoginName(login: string): O }>(options: O): O => options.setLoginName(login);
    const create = new users.CreateReq.Options().setLoginName('intruder').setPassword('x').setGroupsList(['$admins']);
    const update = named(new users.UpdateReq.Options()).setGroupsList(['$admins']);
    const reset = named(new users.ResetPasswordReq.Options()).setNewPassword('x');
    const remove = new users.DeleteReq().setOptions(named(new users.DeleteReq.Options()));
    const disable = new users.DisableReq().setOptions(named(new users.DisableReq.Options()));
    const scavenge = new operations.StartScavengeReq().setOptions(new operations.StartScavengeReq.Options());
    const ask = (send: (answer: Answer) => unknown) => (): Promise<void> => answered(send);
    const by = this.authorization;
    return {
      'make a user': ask((answer) => service.create(new users.CreateReq().setOptions(create), by, answer)),
      [`make ${login} an administrator`]: ask((answer) =>
        service.update(new users.UpdateReq().setOptions(update), by, answer),
      ),
      [`reset the password of ${login}`]: ask((answer) =>
        service.resetPassword(new users.ResetPasswordReq().setOptions(reset), by, answer),
      ),
      [`delete the user ${login}`]: ask((answer) => service.delete(remove, by, answer)),
      [`disable the user ${login}`]: ask((answer) => service.disable(disable, by, answer)),
      'list all users': () => this.details(''),
      scavenge: ask((answer) => server.startScavenge(scavenge, by, answer)),
    };
  }

  /** Operations of EventStoreDB that would end or change the server for everybody. */
  operationsOfClusters(): Record<string, () => Promise<unknown>> {
    const { operations: server, authorization: by } = this;
    const ask = (send: (answer: Answer) => unknown) => (): Promise<void> => answered(send);
    return {
      shutdown: ask((answer) => server.shutdown(new Empty(), by, answer)),
      'merge indexes': ask((answer) => server.mergeIndexes(new Empty(), by, answer)),
      'resign node': ask((answer) => server.resignNode(new Empty(), by, answer)),
    };
  }

  /** @param about a login; nobody: all users */
  async details(about: string): Promise<number> {
    return (await userDetails(this.users, about, this.authorization)).length;
  }

  async close(): Promise<void> {
    this.users.close();
    this.operations.close();
    await this.client.dispose();
  }
}

/** `denied`, `not there`, or what the server said. */
export function endingOf(error: unknown): string {
  if (error instanceof AccessDeniedError) return 'denied';
  const { code } = error as { readonly code?: unknown };
  if (code === status.PERMISSION_DENIED || code === status.UNAUTHENTICATED) return 'denied';
  return code === status.UNIMPLEMENTED ? 'not there' : String(error);
}
