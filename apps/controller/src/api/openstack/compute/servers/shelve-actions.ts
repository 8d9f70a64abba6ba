import { SnapshotServer } from '../../../../application/server/server-snapshot.handler';
import { type UnshelveAsked, UnshelveServer } from '../../../../application/server/server-unshelve.handler';
import { IsText, MayBeAbsent, MayBeNull } from '../../../http';
import { badRequest, unexpected } from '../shared/additional';
import type { ComputeRequest } from '../shared/compute-request';
import { bareAction, type CommandAction, commandAction } from './command-action';

class UnshelveBody {
  @MayBeAbsent() @MayBeNull() @IsText(1, 255) readonly availability_zone?: string | null;
  @MayBeAbsent() @IsText(1, 255) readonly host?: string;
}

/** From these microversions on a zone may be named, and a host or no zone. */
const ZONE_SINCE = 77;
const HOST_SINCE = 91;

/** Whatever its value is counts for nothing, as in nova. */
export const shelve = bareAction('shelve', 'os-shelve:shelve', ({ id, scope, context, commands }) =>
  commands.execute(new SnapshotServer(id, scope, 'shelve', context)),
);

function requireZone({ availability_zone: zone, host }: UnshelveBody, { minor }: ComputeRequest): void {
  if (minor >= HOST_SINCE) return;
  if (host !== undefined) throw unexpected('host');
  if (zone === undefined) throw badRequest("'availability_zone' is a required property");
  if (zone === null)
    throw badRequest("Invalid input for field/attribute availability_zone. Value: None. None is not of type 'string'");
}

const unshelveTo = commandAction(
  'unshelve',
  'os-shelve:unshelve',
  UnshelveBody,
  async ({ availability_zone: zone, host }, { id, scope, context, commands, request }) => {
    if (host !== undefined) request.rights.require('os_compute_api:os-shelve:unshelve_to_host');
    const asked: UnshelveAsked = {
      ...(zone === undefined ? {} : { availabilityZone: zone }),
      ...(host === undefined ? {} : { host }),
    };
    await commands.execute(new UnshelveServer(id, scope, asked, context));
  },
  requireZone,
);

const unshelveAsBefore = bareAction('unshelve', 'os-shelve:unshelve', ({ id, scope, context, commands }) =>
  commands.execute(new UnshelveServer(id, scope, {}, context)),
);

/** Before 2.77 its value counts for nothing; from then on it is null or says where. */
export const unshelve = (value: unknown, { minor }: Pick<ComputeRequest, 'minor'>): CommandAction =>
  value === null || minor < ZONE_SINCE ? unshelveAsBefore() : unshelveTo(value);
