import { ComputeCloud } from './compute-cloud';

/**
 * One cloud for all tests of a `describe`, and for each test a tenant who has nothing yet.
 * @param take is given them before each test
 * @param furnish adds what all tests need, before the first one
 */
export function withCloud(
  take: (cloud: ComputeCloud, tenant: string) => void | Promise<void>,
  furnish?: (cloud: ComputeCloud) => Promise<void>,
): void {
  let cloud: ComputeCloud;
  beforeAll(async () => {
    cloud = await ComputeCloud.start();
    await furnish?.(cloud);
  });
  beforeEach(() => take(cloud, cloud.tenant()));
  afterAll(() => cloud.close());
}
