import { PolicyOfTarget, publicUrl } from '../../../http';
import { Body, Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ReadConsole } from '../../../../application/server/server-console.handler';
import { SecurityGroupService } from '../../../../application/security-group/security-groups';
import { FloatingIps } from '../../../../application/floating-ip/floating-ips';
import type { ControllerConfig } from '../../../../config';
import { commandContext, CONFIG, RANDOM } from '../../../../application/core';
import type { Random } from '../../../../random';
import { computePaths, type ComputeRequest, FromCompute, scopeOf } from '../shared/compute-request';
import { consoleUrl } from '../consoles/console-url';
import { serverAction } from './server-action';
import { ServerOperator } from './server-operator';
import { ServerReader } from './server-reader';

@Controller(computePaths('servers/:id/action'))
export class ServerActionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly reader: ServerReader,
    private readonly operator: ServerOperator,
    private readonly groups: SecurityGroupService,
    private readonly floatingIps: FloatingIps,
    @Inject(RANDOM) private readonly random: Random,
    @Inject(CONFIG) private readonly config: ControllerConfig,
  ) {}

  @Post()
  @PolicyOfTarget('os_compute_api:<of the action>')
  @HttpCode(202)
  async act(
    @Param('id') id: string,
    @Body() body: unknown,
    @FromCompute() request: ComputeRequest,
    @Req() raw: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    await this.reader.one(id, request); // a missing server is a 404, also for an unknown action
    const action = serverAction(body, request);
    const carryOut = action.kind === 'command' ? await action.prepare(request) : undefined;
    request.rights.require(action.rule);
    const scope = scopeOf(request);
    if (action.kind === 'console') {
      void reply.status(200);
      const output = await this.commands.execute(new ReadConsole(id, scope, action.lines));
      return { output: lastPieces(output, action.lines) };
    }
    if (action.kind === 'command') {
      const { commands, reader, groups, floatingIps } = this;
      const context = commandContext(request.caller, `${action.name}-server/${id}`, this.random);
      const imageUrl = (imageId: string): string => `${publicUrl(this.config, raw, 'image', false)}/images/${imageId}`;
      const urlOfConsole = (type: string, token: string): string => consoleUrl(this.config, raw, type, token);
      const { enableInstancePassword: tellsPasswords } = this.config;
      const tools = { commands, reader, groups, floatingIps, imageUrl, consoleUrl: urlOfConsole, tellsPasswords };
      return carryOut?.({ id, scope, request, reply, context, ...tools });
    }
    const { operation } = action;
    await this.operator.operate(id, [operation], `${operation.name}-server`, request);
    return undefined;
  }
}

/** As nova counts lines (`_tail_log`): what follows the last line end is one more, though mostly empty. */
function lastPieces(output: string, lines: number | null): string {
  if (lines === null) return output;
  return lines === 0 ? '' : output.split('\n').slice(-lines).join('\n');
}
