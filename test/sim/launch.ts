import { deriveId, type LaunchRequest, type StreamRef } from '@cairn/domain';

import { type Receipt, receiptOf, type Request } from './client';

/** What a tenant asks for: so many servers of one kind. */
export interface LaunchOrder extends Pick<LaunchRequest, 'flavor' | 'image' | 'networks' | 'forcedHost'> {
  readonly commandId: string;
  readonly projectId: string;
  readonly count: number;
  readonly notAfter: () => string;
}

/** Ids follow from the request's, so that a repeat asks for the same servers (RUNTIME.md). */
export const serverIdsOf = ({ commandId, count }: LaunchOrder): readonly string[] =>
  Array.from({ length: count }, (_, i) => deriveId(commandId, 'instance', i));

/** The steps of a launch as the façade does them: numbers, quota, then each server; then the quota is confirmed. */
export function launchRequest(order: LaunchOrder): Request {
  const { commandId, projectId, flavor } = order;
  const ids = serverIdsOf(order);
  const quota: StreamRef = { category: 'quota', id: projectId };
  return async (send) => {
    const numbers = await send(
      { category: 'registry', id: 'server-number' },
      { type: 'AllocateNumbers', data: { ownerIds: ids } },
      deriveId(commandId, 'numbers'),
    );
    const items = ids.map((instanceId) => ({ instanceId, cores: flavor.vcpus, ramMb: flavor.ramMb }));
    await send(quota, { type: 'ReserveQuota', data: { items } }, deriveId(commandId, 'reserve'));
    const receipts = await Promise.all(
      ids.map(async (id, i): Promise<Receipt> => {
        const target = { category: 'instance', id };
        const launchId = deriveId(commandId, 'launch', i);
        const data = launchOf(order, id, i, (numbers.answer as readonly number[])[i] ?? 0);
        return receiptOf(target, launchId, await send(target, { type: 'LaunchInstance', data }, launchId));
      }),
    );
    await send(quota, { type: 'ConfirmQuota', data: { instanceIds: ids } }, deriveId(commandId, 'confirm'));
    return receipts;
  };
}

function launchOf(order: LaunchOrder, instanceId: string, index: number, number: number): LaunchRequest {
  const { commandId, projectId, flavor, image, networks, forcedHost } = order;
  return {
    instanceId,
    projectId,
    userId: 'tenant',
    number,
    reservationId: `r-${commandId.slice(0, 8)}`,
    launchIndex: index,
    name: `server-${commandId.slice(0, 4)}-${String(index)}`,
    description: null,
    hostname: `server-${commandId.slice(0, 4)}-${String(index)}`,
    flavor,
    image,
    kernel: null,
    ramdisk: null,
    keyName: null,
    publicKey: null,
    metadata: {},
    userData: null,
    availabilityZone: null,
    forcedHost,
    networks,
    securityGroups: ['default'],
    autoDiskConfig: false,
    notAfter: order.notAfter(),
  };
}
