import { MoveServer } from '../../../../application/server/server-move.handler';
import { OperateServer } from '../../../../application/server/server-operations.handler';
import { IsText, MayBeAbsent } from '../../../http';
import { badRequest } from '../shared/additional';
import type { ComputeRequest } from '../shared/compute-request';
import { IsOneOf } from '../shared/validators';
import { type CommandAction, commandAction } from './command-action';

class ResizeBody {
  @IsText(1, 255) readonly flavorRef!: string;
  @MayBeAbsent() @IsOneOf('AUTO', 'MANUAL') readonly 'OS-DCF:diskConfig'?: 'AUTO' | 'MANUAL';
}

class MigrateBody {
  @MayBeAbsent() @IsText(1, 255) readonly host?: string;
}

/** From this microversion on an administrator may name the host. */
const HOST_SINCE = 56;

export const resize = commandAction(
  'resize',
  'servers:resize',
  ResizeBody,
  async ({ flavorRef, 'OS-DCF:diskConfig': diskConfig }, { id, scope, context, commands }) => {
    const flavorId = flavorRef.split('/').at(-1) ?? '';
    const config = diskConfig === undefined ? {} : { autoDiskConfig: diskConfig === 'AUTO' };
    await commands.execute(new MoveServer(id, scope, { name: 'resize', flavorId, ...config }, context));
  },
);

const migrateTo = commandAction(
  'migrate',
  'os-migrate-server:migrate',
  MigrateBody,
  async ({ host }, { id, scope, context, commands }) => {
    await commands.execute(new MoveServer(id, scope, { name: 'migrate', host: host ?? null }, context));
  },
  ({ host }, { minor }: ComputeRequest) => {
    if (host !== undefined && minor < HOST_SINCE)
      throw badRequest("Additional properties are not allowed ('host' was unexpected)");
  },
);

/** Its value is null, but from 2.56 on may name a host. */
export const migrate = (value: unknown): CommandAction => migrateTo(value ?? {});

/** nova answers a confirmation with 204. */
export const confirmResize = (): CommandAction => ({
  kind: 'command',
  name: 'confirmResize',
  rule: 'os_compute_api:servers:confirm_resize',
  prepare: () =>
    Promise.resolve(async ({ id, scope, context, commands, reply }) => {
      void reply.status(204);
      await commands.execute(new OperateServer(id, scope, [{ name: 'confirmResize', input: {} }], context));
    }),
});
