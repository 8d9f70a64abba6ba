import { UsersClient } from '@eventstore/db-client/generated/users_grpc_pb';
import * as messages from '@eventstore/db-client/generated/users_pb';
import { status, type Metadata, type ServiceError } from '@grpc/grpc-js';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from '../nodes/cluster';
import type { Connection } from '../nodes/connection';
import { networkOf } from '../nodes/grpc-node';

export interface StoreUser {
  readonly login: string;
  readonly password: string;
  readonly groups: readonly string[];
}

/** A user as the server tells it. */
export type KnownUser = Pick<messages.DetailsResp.UserDetails.AsObject, 'loginName' | 'groupsList' | 'disabled'>;

/** A user of that name exists, with another password. */
export class UserExists extends Error {}

const DEADLINE_MS = 5_000;
/** How long to look for a node that does it: the time that an election takes, and some. */
const PATIENCE_MS = 15_000;
const RETRY_MS = 300;

/** Answers that no other node would give otherwise. */
const FINAL: readonly unknown[] = [
  status.NOT_FOUND,
  status.FAILED_PRECONDITION, // a conflict
  status.PERMISSION_DENIED,
  status.UNAUTHENTICATED,
  status.INVALID_ARGUMENT,
  status.UNIMPLEMENTED,
];

type Send<A> = (users: UsersClient, by: Metadata, deadline: number) => Promise<A>;

/** The users of a server, changed by the node that leads: a follower may refuse to. */
export class StoreUsers {
  private readonly cluster: Cluster;

  constructor(private readonly connection: Connection) {
    this.cluster = new Cluster(networkOf(connection));
  }

  /**
   * Makes the user. One of that name stays as it is.
   * @throws UserExists when it has another password, as far as the server says so
   */
  async make({ login, password, groups }: StoreUser): Promise<void> {
    const options = new messages.CreateReq.Options().setLoginName(login).setPassword(password).setFullName(login);
    const request = new messages.CreateReq().setOptions(options.setGroupsList([...groups]));
    try {
      await this.ask((users, by, deadline) => answered((done) => users.create(request, by, { deadline }, done)));
    } catch (error) {
      if (codeOf(error) !== status.FAILED_PRECONDITION) throw error;
      throw new UserExists(`the store has a user ${login} already`, { cause: error });
    }
  }

  /** Deletes the user, if there is one. */
  async remove(login: string): Promise<void> {
    const request = new messages.DeleteReq().setOptions(new messages.DeleteReq.Options().setLoginName(login));
    try {
      await this.ask((users, by, deadline) => answered((done) => users.delete(request, by, { deadline }, done)));
    } catch (error) {
      if (codeOf(error) !== status.NOT_FOUND) throw error;
    }
  }

  all(): Promise<readonly KnownUser[]> {
    return this.ask((users, by, deadline) => {
      const answers = users.details(new messages.DetailsReq(), by, { deadline });
      return new Promise((resolve, reject) => {
        const found: KnownUser[] = [];
        answers.on('data', (answer: messages.DetailsResp) => {
          const user = answer.getUserDetails();
          if (user !== undefined) found.push(user.toObject());
        });
        answers.on('error', reject);
        answers.on('end', () => {
          resolve(found);
        });
      });
    });
  }

  close(): void {
    this.cluster.close();
  }

  /** Asks the node that leads, and again while there is none or it does not answer: every request may be repeated. */
  private async ask<A>(send: Send<A>): Promise<A> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const { node } = await this.cluster.use('writes', Math.max(0, end - Date.now()));
      const users = new UsersClient(node.address, this.connection.security);
      try {
        return await send(users, this.connection.metadata, Date.now() + DEADLINE_MS);
      } catch (error) {
        if (FINAL.includes(codeOf(error)) || Date.now() > end) throw error;
        this.cluster.failed(node);
      } finally {
        users.close();
      }
      await sleep(RETRY_MS);
    }
  }
}

const answered = (send: (done: (error: ServiceError | null) => void) => unknown): Promise<void> =>
  new Promise((resolve, reject) => {
    send((error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown }).code;
