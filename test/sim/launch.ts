import {
  defaultGroupId,
  deriveId,
  floatingPoolId,
  instanceRef,
  type LaunchRequest,
  type QuotaCommand,
  serverReservation,
  streamRef,
} from '@cairn/domain';

import * as model from '../../libs/domain/src/testing/model';
import type { LaunchSpec } from '../../apps/controller/src/application/server/server-launch.command';

import { POOL } from './floating';
import type { Request } from './client';
import type { Facade } from './facade';

/** What a tenant asks for: so many servers of one kind. */
export interface LaunchOrder extends Pick<
  LaunchRequest,
  'flavor' | 'image' | 'networks' | 'forcedHost' | 'availabilityZone'
> {
  readonly commandId: string;
  readonly projectId: string;
  readonly count: number;
  readonly notAfter: () => string;
}

/** Ids follow from the request's, so that a repeat asks for the same servers. */
export const serverIdsOf = ({ commandId, count }: LaunchOrder): readonly string[] =>
  Array.from({ length: count }, (_, i) => deriveId(commandId, 'instance', i));

/** Ways to ask for servers: by the handler that the façades use, by its steps, and by some of its steps only. */
export const LAUNCHES: Readonly<Record<'handler' | 'steps' | 'halfway' | 'cut-off', (order: LaunchOrder) => Request>> =
  {
    handler: handledLaunch,
    steps: launchRequest,
    halfway: (order) => async (facade) => {
      await facade.send(quotaOf(order), reservation(order), deriveId(order.commandId, 'reserve'));
    },
    'cut-off': (order) => async (facade) => {
      await facade.send(quotaOf(order), reservation(order), deriveId(order.commandId, 'reserve'));
      const missing = Number.parseInt(order.commandId.slice(0, 4), 16) % order.count;
      const launches = serverIdsOf(order).map((id, i) => [id, i] as const);
      const some = launches.filter(([, i]) => i !== missing);
      await Promise.all(some.map(([id, i]) => launchOne(facade, order, id, i, 0)));
    },
  };

const quotaOf = ({ projectId }: LaunchOrder) => streamRef('quota', projectId);

function reservation(order: LaunchOrder): QuotaCommand {
  const reservations = serverIdsOf(order).map((id) => serverReservation(id, order.flavor));
  return { type: 'ReserveQuota', data: { reservations } };
}

/** The steps of a launch one by one, with a limit of its own; the handler's is half an hour. */
function launchRequest(order: LaunchOrder): Request {
  const { commandId } = order;
  const ids = serverIdsOf(order);
  const quota = quotaOf(order);
  return async (facade) => {
    const numbers = await facade.send(
      streamRef('registry', 'server-number'),
      { type: 'AllocateNumbers', data: { ownerIds: ids } },
      deriveId(commandId, 'numbers'),
    );
    await facade.send(quota, reservation(order), deriveId(commandId, 'reserve'));
    await Promise.all(ids.map((id, i) => launchOne(facade, order, id, i, numbers.answer[i] ?? 0)));
    await facade.send(
      quota,
      { type: 'ConfirmQuota', data: { owners: ids.map(instanceRef) } },
      deriveId(commandId, 'confirm'),
    );
    facade.promised.push(...ids);
  };
}

function launchOne(facade: Facade, order: LaunchOrder, id: string, index: number, number: number): Promise<unknown> {
  const command = { type: 'LaunchInstance', data: launchOf(order, id, index, number) } as const;
  return facade.send(streamRef('instance', id), command, deriveId(order.commandId, 'launch', index));
}

/** The same by the handler that the façades use. */
function handledLaunch(order: LaunchOrder): Request {
  const { commandId, projectId, flavor, image, networks, forcedHost, availabilityZone, count } = order;
  const asked: LaunchSpec = {
    name: `server-${commandId.slice(0, 4)}`,
    description: null,
    minCount: 1,
    maxCount: count,
    flavorId: flavor.flavorId,
    imageId: image.imageId,
    keyName: null,
    metadata: {},
    userData: null,
    availabilityZone,
    forcedHost,
    networks,
    securityGroups: ['default'],
    autoDiskConfig: false,
  };
  return (facade) => facade.launch(projectId, asked, commandId);
}

/** Some get a floating IP at their launch; there are fewer than servers. */
function floatingOf(commandId: string, instanceId: string, number: number): Pick<LaunchRequest, 'autoFloatingIp'> {
  if (Number.parseInt(commandId.slice(4, 6), 16) >= 32) return {};
  const poolId = floatingPoolId(POOL);
  return {
    autoFloatingIp: {
      floatingIpId: deriveId(instanceId, 'floating-ip'),
      number: 10_000 + number,
      poolId,
      poolName: POOL,
    },
  };
}

function launchOf(order: LaunchOrder, instanceId: string, index: number, number: number): LaunchRequest {
  const { commandId, projectId, flavor, image, networks, forcedHost, availabilityZone } = order;
  const name = `server-${commandId.slice(0, 4)}-${String(index)}`;
  const reservationId = `r-${commandId.slice(0, 8)}`;
  const own = { instanceId, number, reservationId, launchIndex: index, name, hostname: name };
  const place = { forcedHost, availabilityZone };
  return model.launchOf({
    ...own,
    projectId,
    flavor,
    image,
    networks,
    ...place,
    ...floatingOf(commandId, instanceId, number),
    hardware: { guestAgent: true },
    groups: [{ groupId: defaultGroupId(projectId), name: 'default' }],
    notAfter: order.notAfter(),
  });
}
