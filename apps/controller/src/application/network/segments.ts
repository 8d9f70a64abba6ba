import { type NetworkSpec, streamRef } from '@cairn/domain';
import type { ControllerConfig } from '../../config';
import type { CommandContext, Executor } from '../../runtime/ports';
import { stepOf } from '../core/command-context';

const VXLAN_IDS = streamRef('registry', 'vxlan');

/** Networks as the operator wants new ones to be: with VXLAN each has an identifier that no other one ever has. */
export async function segmented(
  executor: Executor,
  { type, mtu }: Pick<ControllerConfig['cloud']['network'], 'type' | 'mtu'>,
  spec: NetworkSpec,
  context: CommandContext,
): Promise<NetworkSpec> {
  if (type === 'flatdhcp') return spec;
  const command = { type: 'AllocateNumbers', data: { ownerIds: [spec.networkId] } } as const;
  const { answer } = await executor.execute(VXLAN_IDS, command, stepOf(context, 'segment'));
  return { ...spec, mtu: Math.min(spec.mtu, mtu), segment: { type, id: answer[0] ?? 0 } };
}
