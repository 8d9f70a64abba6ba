import { type NetworkSpec, traitsOf } from '@cairn/domain';
import type { ControllerConfig } from '../../config';
import type { CommandContext, Executor } from '../../runtime/ports';
import { stepOf } from '../core/command-context';
import { allocateNumber, numberRegistry } from '../core/numbers';

const VXLAN_IDS = numberRegistry('vxlan');

/** Networks as the operator wants new ones to be: with VXLAN each has an identifier that no other one ever has. */
export async function segmented(
  executor: Executor,
  { type, mtu }: Pick<ControllerConfig['cloud']['network'], 'type' | 'mtu'>,
  spec: NetworkSpec,
  context: CommandContext,
): Promise<NetworkSpec> {
  const { segment } = traitsOf(type);
  if (segment === null) return spec;
  const id = await allocateNumber(executor, VXLAN_IDS, spec.networkId, stepOf(context, 'segment'));
  return { ...spec, mtu: Math.min(spec.mtu, mtu), segment: { type: segment, id } };
}
