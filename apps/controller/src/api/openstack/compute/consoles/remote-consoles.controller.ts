import { Body, Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyRequest } from 'fastify';

import { AuthorizeConsole } from '../../../../application/console/authorize-console.handler';
import type { ConsoleProtocol } from '../../../../application/console/console-types';
import { commandContext, CONFIG, RANDOM } from '../../../../application/core';
import type { ControllerConfig } from '../../../../config';
import type { Random } from '../../../../random';
import { Nested, Policy, validBody } from '../../../http';
import { ServerReader } from '../servers/server-reader';
import { computePaths, type ComputeRequest, FromCompute, scopeOf } from '../shared/compute-request';
import { Since } from '../shared/compute-request.guard';
import { IsOneOf } from '../shared/validators';
import { consoleUrl } from './console-url';

const PROTOCOLS = ['vnc', 'spice', 'serial', 'rdp'];
const TYPES = ['novnc', 'xvpvnc', 'spice-html5', 'serial', 'rdp-html5'];

class RemoteConsole {
  @IsOneOf(...PROTOCOLS) readonly protocol!: ConsoleProtocol;
  @IsOneOf(...TYPES) readonly type!: string;
}

class RemoteConsoleBody {
  @Nested(() => RemoteConsole) readonly remote_console!: RemoteConsole;
}

const MKS_SINCE = 8;

class RemoteConsole28 {
  @IsOneOf(...PROTOCOLS, 'mks') readonly protocol!: ConsoleProtocol;
  @IsOneOf(...TYPES, 'webmks') readonly type!: string;
}

class RemoteConsoleBody28 {
  @Nested(() => RemoteConsole28) readonly remote_console!: RemoteConsole28;
}

/** URLs of consoles (2.6). */
@Controller(computePaths('servers/:id/remote-consoles'))
@Since(6)
export class RemoteConsolesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly reader: ServerReader,
    @Inject(RANDOM) private readonly random: Random,
    @Inject(CONFIG) private readonly config: ControllerConfig,
  ) {}

  @Post()
  @Policy('os_compute_api:os-remote-consoles')
  @HttpCode(200)
  async create(
    @Param('id') id: string,
    @Body() body: unknown,
    @FromCompute() request: ComputeRequest,
    @Req() raw: FastifyRequest,
  ): Promise<unknown> {
    const shape = request.minor < MKS_SINCE ? RemoteConsoleBody : RemoteConsoleBody28;
    const { protocol, type } = (await validBody(shape, body)).remote_console;
    await this.reader.one(id, request);
    const asked = { instanceId: id, projectId: scopeOf(request), protocol, type };
    const context = commandContext(request.caller, `get-${protocol}-console/${id}`, this.random);
    const token = await this.commands.execute(new AuthorizeConsole(asked, request.caller.principal, context));
    return { remote_console: { protocol, type, url: consoleUrl(this.config, raw, type, token) } };
  }
}
