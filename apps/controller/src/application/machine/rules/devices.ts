import { DomainError, NIC_MODELS, WATCHDOG_ACTIONS } from '@cairn/domain';

import { agreed } from '../agreed';
import { rule, type Rule } from '../rule';
import { flag, oneOf, whole } from '../values';

/** QEMU has four; nova keeps one back. */
const MOST_SERIAL_PORTS = 3;

const ACTIONS = [...WATCHDOG_ACTIONS, 'disabled'] as const;

/** Devices that a guest has besides its disks and its screen. */
export const deviceRules: readonly Rule[] = [
  rule({
    image: {
      hw_vif_model: oneOf(NIC_MODELS, {
        aliases: {
          virtuale1000: 'e1000',
          virtuale1000e: 'e1000e',
          virtualpcnet32: 'pcnet',
          virtualvmxnet3: 'vmxnet3',
        },
        others: ['netfront', 'spapr-vlan', 'lan9118', 'sriov', 'vmxnet', 'virtualvmxnet', 'virtualsriovethernetcard'],
      }),
    },
    effect: 'The model of all network interfaces. Default: `virtio`.',
    gives: ({ image: { hw_vif_model: nicModel } }) => (nicModel === undefined ? {} : { nicModel }),
  }),
  rule({
    image: { hw_vif_multiqueue_enabled: flag },
    specs: { 'hw:vif_multiqueue_enabled': flag },
    effect:
      'None: a network interface has one queue. Image and flavor must agree, where the flavor has several processors.',
    gives({ flavor, image, specs, names }) {
      if (flavor.vcpus > 1)
        agreed('vif_multiqueue_enabled', specs['hw:vif_multiqueue_enabled'], image.hw_vif_multiqueue_enabled, names);
      return {};
    },
  }),
  rule({
    image: { hw_rng_model: oneOf(['virtio']) },
    specs: { 'hw_rng:allowed': flag, 'hw_rng:rate_bytes': whole(0), 'hw_rng:rate_period': whole(0) },
    effect:
      'A source of random numbers, `/dev/hwrng` in the guest, unless the flavor does not allow it. With a rate the guest gets so ' +
      'many bytes in each period, in milliseconds; one without the other is no limit.',
    gives({ specs }) {
      if (specs['hw_rng:allowed'] === false) return { rng: 'none' };
      const [bytes = 0, periodMs = 0] = [specs['hw_rng:rate_bytes'], specs['hw_rng:rate_period']];
      return bytes === 0 || periodMs === 0 ? {} : { rng: { bytes, periodMs } };
    },
  }),
  rule({
    image: { hw_watchdog_action: oneOf(ACTIONS) },
    specs: { 'hw:watchdog_action': oneOf(ACTIONS) },
    effect:
      'A watchdog (`i6300esb`), and what happens when the guest stops feeding it; `none` only records it. The image counts before ' +
      'the flavor. Default: `disabled`, no watchdog.',
    gives({ image, specs }) {
      const action = image.hw_watchdog_action ?? specs['hw:watchdog_action'] ?? 'disabled';
      return action === 'disabled' ? {} : { watchdog: action };
    },
  }),
  rule({
    image: { hw_qemu_guest_agent: flag },
    effect: 'A channel to the QEMU guest agent.',
    gives: ({ image }) => (image.hw_qemu_guest_agent === true ? { guestAgent: true } : {}),
  }),
  rule({
    image: { hw_serial_port_count: whole(0, MOST_SERIAL_PORTS) },
    specs: { 'hw:serial_port_count': whole(0, MOST_SERIAL_PORTS) },
    effect: 'How many serial ports; the first is the console. The image may lower what the flavor says. Default: 1.',
    gives({ image: { hw_serial_port_count: asked = 0 }, specs: { 'hw:serial_port_count': most = 0 } }) {
      if (most > 0 && asked > most)
        throw new DomainError(
          'invalid',
          'machine.too-many-serial-ports',
          'Forbidden to exceed flavor value of number of serial ports passed in image meta.',
        );
      const serialPorts = asked || most;
      return serialPorts < 2 ? {} : { serialPorts };
    },
  }),
  rule({
    image: { hw_pmu: flag },
    specs: { 'hw:pmu': flag },
    effect:
      'Whether the processors have a performance monitoring unit. Image and flavor must agree. Default: as QEMU has it.',
    gives({ image, specs, names }) {
      const pmu = agreed('pmu', specs['hw:pmu'], image.hw_pmu, names);
      return pmu === undefined ? {} : { pmu };
    },
  }),
];
