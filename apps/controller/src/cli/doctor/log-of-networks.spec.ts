import { nicsOf } from '@cairn/domain';
import { type HostJob, hostMessage, resultEventId } from '@cairn/host-protocol';

import { network } from '../../../../../libs/domain/src/testing/model';
import { ControllerLab, HOST, INSTANCE } from '../../runtime/testing/controller-lab';
import { idOf, launchOf } from '../../runtime/testing/fixtures';
import { relay, report, succeeded } from '../../runtime/testing/reports';
import { loggedHosts } from './log-of-networks';

const EMPTY = idOf('empty host');

describe('what the log says of the networks of hosts', () => {
  it('is each enrolled host with the ports of its servers, and which servers come or go', async () => {
    const lab = new ControllerLab();
    await lab.withHost();
    await lab.withHost(EMPTY, 2);
    const { target, command } = network();
    await lab.execute(target, command);
    const networks = [{ networkId: target.id, address: null }];
    await lab.execute(INSTANCE, { type: 'LaunchInstance', data: launchOf({ networks }) });
    await lab.follow();
    const empty = { hostId: EMPTY, name: 'host-2', ports: [], floating: [], moving: new Set() };
    const host = { ...empty, hostId: HOST.id, name: 'host-1' };
    expect(await loggedHosts(lab.store)).toEqual([{ ...host, moving: new Set([INSTANCE.id]) }, empty]);
    const job = hostMessage(lab.sent.at(-1)?.message) as HostJob;
    await relay(lab, await report(lab, succeeded(job), resultEventId(job.effectId)));
    const server = await lab.executor.state(INSTANCE);
    const [nic] = nicsOf(server);
    const ports = [{ instanceId: INSTANCE.id, server: server.request?.name, address: nic?.address }];
    expect(await loggedHosts(lab.store)).toEqual([{ ...host, ports }, empty]);
  });
});
