import { type BootstrapCore, bootstrapContexts } from './context';
import { bootstrapFlavors } from './flavors';
import { bootstrapHosts } from './hosts';
import { bootstrapNetwork } from './network';
import { bootstrapTenants } from './tenants';

/**
 * What a new cloud starts with: the projects and users `admin` and `demo`, the guide's flavors, one network, and the
 * hosts of the configuration. Ids are the same at every start, what was there is left as it is (also when it was
 * changed or deleted since), and a start that was interrupted is completed by the next.
 *
 * @throws Error when a user must be made and its password file cannot be read.
 */
export async function bootstrap(core: BootstrapCore): Promise<void> {
  const contextOf = bootstrapContexts(core);
  await bootstrapFlavors(core, contextOf);
  await bootstrapNetwork(core, contextOf);
  await bootstrapHosts(core, contextOf);
  await bootstrapTenants(core, contextOf);
}
