import { once } from 'node:events';
import { stat, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { DOCTOR_NETWORK_PATH, DOCTOR_SOCKET, networkReport } from '@cairn/host-protocol';

import { DoctorDoor } from './doctor-door';
import { silentLog } from './ports/log.port';
import { HOST_ID } from './testing/harness';
import { temporaryFolder } from './testing/temporary-folder';

async function asked(socketPath: string, method: string, path = DOCTOR_NETWORK_PATH): Promise<[number, string]> {
  const request = http.request({ socketPath, path, method }).end();
  const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
  return [answer.statusCode ?? 0, await text(answer)];
}

it('tells what its hosts find, and has them mend it, by a socket that root alone may use', async () => {
  const { path, remove } = await temporaryFolder();
  const socket = join(path, DOCTOR_SOCKET);
  await writeFile(socket, 'of a process that was killed');
  const mends: boolean[] = [];
  const finding = { topic: 'bridge', name: 'br1', verdict: 'right', says: 'br1 is there.' } as const;
  const examine = (mend: boolean): Promise<readonly (typeof finding)[]> => {
    mends.push(mend);
    return mends.length > 2 ? Promise.reject(new Error('busy')) : Promise.resolve([finding]);
  };
  const door = await DoctorDoor.open(path, [{ hostId: HOST_ID, name: 'vm', examine }], silentLog);
  expect((await stat(socket)).mode & 0o777).toBe(0o600);
  for (const method of ['GET', 'POST']) {
    const [status, body] = await asked(socket, method);
    expect([status, networkReport.parse(JSON.parse(body))]).toEqual([
      200,
      { hosts: [{ hostId: HOST_ID, name: 'vm', findings: [finding] }] },
    ]);
  }
  expect(mends).toEqual([false, true]);
  expect(await asked(socket, 'GET')).toEqual([500, '']);
  expect(await asked(socket, 'PUT')).toEqual([404, '']);
  await door?.close();
  expect(await DoctorDoor.open(join(path, 'nowhere'), [], silentLog)).toBeNull();
  await remove();
});
