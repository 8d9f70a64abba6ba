import type { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import type { SecurityGroupService } from '../../../../application/security-group/security-groups';
import type { FloatingIps } from '../../../../application/floating-ip/floating-ips';
import type { CommandContext } from '../../../../runtime/ports';
import { validBody } from '../../../http';
import type { ComputeRequest } from '../shared/compute-request';
import type { ServerReader } from './server-reader';

/** A request for an action on a server, for actions that have a command and an answer of their own. */
export interface Acting {
  readonly id: string;
  /** The project that must own the server; null for administrators. */
  readonly scope: string | null;
  readonly request: ComputeRequest;
  readonly reply: FastifyReply;
  readonly context: CommandContext;
  readonly commands: CommandBus;
  readonly reader: ServerReader;
  readonly groups: SecurityGroupService;
  readonly floatingIps: FloatingIps;
  /** Where the image service shows an image. */
  readonly imageUrl: (imageId: string) => string;
  /** What opens a console of that type. */
  readonly consoleUrl: (type: string, token: string) => string;
  /** Whether answers hold administrators' passwords. */
  readonly tellsPasswords: boolean;
}

/** An action whose body is of a class of its own. */
export interface CommandAction {
  readonly kind: 'command';
  /** What is asked for: with the key of a repeatable request it names the command. */
  readonly name: string;
  readonly rule: string;
  /** Looks at the body. @throws HttpProblem 400. @returns what carries the action out, and gives the body of the answer. */
  readonly prepare: (request: ComputeRequest) => Promise<(acting: Acting) => Promise<unknown>>;
}

const ruleOf = (name: string): string => `os_compute_api:${name}`;

/** @param act is given the body as it was checked. */
export const commandAction =
  <T extends object>(
    name: string,
    rule: string,
    shape: new () => T,
    act: (body: T, acting: Acting) => Promise<unknown>,
    check: (body: T, request: ComputeRequest) => void = () => undefined,
  ): ((value: unknown) => CommandAction) =>
  (value) => ({
    kind: 'command',
    name,
    rule: ruleOf(rule),
    prepare: async (request) => {
      const body = await validBody(shape, value);
      check(body, request);
      return (acting) => act(body, acting);
    },
  });

/** An action whose value counts for nothing, and whose answer has no body. */
export const bareAction =
  (name: string, rule: string, act: (acting: Acting) => Promise<unknown>): (() => CommandAction) =>
  () => ({
    kind: 'command',
    name,
    rule: ruleOf(rule),
    prepare: () =>
      Promise.resolve(async (acting) => {
        await act(acting);
      }),
  });
