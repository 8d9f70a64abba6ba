import type { RecordedEvent } from '@cairn/event-store';
import { limits } from '../../domain/src/testing/model';
import { furnish, launch } from '../src/testing/tenants';
import { TinyCloud } from '../src/testing/tiny-cloud';

/** The history of a cloud in which every second server is deleted again and one in five is stopped and started. */
export function history(servers: number, projects: number): readonly RecordedEvent[] {
  const cloud = new TinyCloud(() => 0);
  furnish(cloud, 20, '10.0.0.0/12');
  const unlimited = { instances: -1, cores: -1, ram: -1 };
  for (let p = 0; p < projects; p += 1) {
    const { target, command } = limits(`project-${String(p)}`, unlimited);
    cloud.execute(target, command);
  }
  const ends = { notAfter: '2100-01-01T00:00:00.000Z' };
  for (let number = 1; number <= servers; number += 1) {
    const id = launch(cloud, `project-${String(number % projects)}`, number);
    if (id === null) throw new Error('refused');
    const ref = { category: 'instance', id };
    cloud.settle(ref);
    if (number % 5 === 0) {
      cloud.execute(ref, { type: 'StopInstance', data: ends });
      cloud.settle(ref);
      cloud.execute(ref, { type: 'StartInstance', data: ends });
      cloud.settle(ref);
    }
    if (number % 2 === 0) {
      cloud.execute(ref, { type: 'DeleteInstance', data: {} });
      cloud.settle(ref);
    }
  }
  return cloud.log;
}
