import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { PostedPasswords } from '../../../../application/server/posted-password';
import { Policy } from '../../../http';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { ServerOperator } from './server-operator';
import { ServerReader } from './server-reader';

/** The administrator's password that the guest has posted, encrypted for the owner of the server's key. */
@Controller(computePaths('servers/:id/os-server-password'))
export class ServerPasswordController {
  constructor(
    private readonly reader: ServerReader,
    private readonly operator: ServerOperator,
    private readonly passwords: PostedPasswords,
  ) {}

  @Get()
  @Policy('os_compute_api:os-server-password:show')
  async show(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    await this.reader.one(id, request);
    return { password: (await this.passwords.of(id)) ?? '' };
  }

  /** The guest may then post another one; its own password stays. */
  @Delete()
  @Policy('os_compute_api:os-server-password:clear')
  @HttpCode(204)
  async clear(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<void> {
    await this.reader.one(id, request);
    await this.operator.operate(id, [{ name: 'clear-password', input: {} }], 'clear-password', request);
  }
}
