import { MoveServer } from '../../../../application/server/server-move.handler';
import { OperateServer } from '../../../../application/server/server-operations.handler';
import { IsText, MayBeAbsent } from '../../../http';
import { type FieldVersions, requireKnownFields } from '../shared/additional';
import { IsOneOf } from '../shared/validators';
import { bareAction, commandAction } from './command-action';

class ResizeBody {
  @IsText(1, 255) readonly flavorRef!: string;
  @MayBeAbsent() @IsOneOf('AUTO', 'MANUAL') readonly 'OS-DCF:diskConfig'?: 'AUTO' | 'MANUAL';
}

class MigrateBody {
  @MayBeAbsent() @IsText(1, 255) readonly host?: string;
}

/** An administrator may name the host. */
const FIELDS: FieldVersions = { host: { since: 56 } };

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

/** Its value is null, or says where. */
export const migrate = commandAction(
  'migrate',
  'os-migrate-server:migrate',
  MigrateBody,
  async ({ host }, { id, scope, context, commands }) => {
    await commands.execute(new MoveServer(id, scope, { name: 'migrate', host: host ?? null }, context));
  },
  (body, { minor }) => {
    requireKnownFields(minor, body, FIELDS);
  },
);

/** nova answers a confirmation with 204. */
export const confirmResize = bareAction(
  'confirmResize',
  'servers:confirm_resize',
  ({ id, scope, context, commands, reply }) => {
    void reply.status(204);
    return commands.execute(new OperateServer(id, scope, [{ name: 'confirmResize', input: {} }], context));
  },
);
