import { booleanWord } from '../../boolean-words';
import { badRequest } from '../shared/additional';
import type { GivenSpecs } from './extra-specs.dto';

/** Why a value does not do; undefined if it does. */
type Rule = (value: string) => string | undefined;

const text: Rule = () => undefined;
const flag: Rule = (value) =>
  booleanWord(value) === undefined ? `'${value}' is not a valid boolean-like value.` : undefined;

const oneOf =
  (...words: readonly string[]): Rule =>
  (value) =>
    words.includes(value) ? undefined : `'${value}' is not one of: ${words.join(', ')}.`;

const whole =
  (min = -Infinity, max = Infinity): Rule =>
  (value) => {
    if (!/^\s*[+-]?\d{1,18}\s*$/.test(value)) return `'${value}' is not a valid integer value.`;
    if (Number(value) > max) return `'${value}' is greater than the max value of '${String(max)}'.`;
    return Number(value) < min ? `'${value}' is less than the min value of '${String(min)}'.` : undefined;
  };

const format =
  (pattern: RegExp): Rule =>
  (value) =>
    pattern.test(value) ? undefined : `'${value}' is not of the format '${pattern.source}'.`;

/** Numbers of CPUs: `0-3,^2`. */
const cpus = format(/^\^?\d+(-\d+)?(,\^?\d+(-\d+)?)*$/);

/** What nova 26.1 knows, by name; a name may have parts that are chosen freely. Extra specs of other hypervisors than libvirt are texts. */
const RULES: readonly (readonly [RegExp, Rule])[] = [
  [
    /^hw:(cpu_realtime|hide_hypervisor_id|locked_memory|boot_menu|vif_multiqueue_enabled|mem_encryption|pmu|ephemeral_encryption)$/,
    flag,
  ],
  [/^hw:ephemeral_encryption_format$/, oneOf('plain', 'luks', 'luksv2')],
  [/^hw:(cpu_realtime_mask|cpu_dedicated_mask|numa_cpus\.\d+)$/, cpus],
  [/^hw:cpu_policy$/, oneOf('dedicated', 'shared', 'mixed')],
  [/^hw:cpu_thread_policy$/, oneOf('prefer', 'isolate', 'require')],
  [/^hw:emulator_threads_policy$/, oneOf('isolate', 'share')],
  [/^hw:mem_page_size$/, format(/^(large|small|any|\d+([kKMGT]i?)?(b|bit|B)?)$/)],
  [/^hw:(numa_nodes|numa_mem\.\d+|cpu_(max_)?(sockets|cores|threads))$/, whole(1)],
  [/^hw:pci_numa_affinity_policy$/, oneOf('required', 'preferred', 'legacy', 'socket')],
  [/^hw:pmem$/, format(/^[a-zA-Z0-9_]+(,[a-zA-Z0-9_]+)*,?$/)],
  [/^hw:serial_port_count$/, whole(0)],
  [/^hw:tpm_model$/, oneOf('tpm-tis', 'tpm-crb')],
  [/^hw:tpm_version$/, oneOf('1.2', '2.0')],
  [/^hw:watchdog_action$/, oneOf('none', 'pause', 'poweroff', 'reset', 'disabled')],
  [/^hw:viommu_model$/, oneOf('auto', 'intel', 'smmuv3', 'virtio')],
  [/^hw_rng:allowed$/, flag],
  [/^hw_rng:(rate_bytes|rate_period)$/, whole(0)],
  [/^hw_video:ram_max_mb$/, whole(0)],
  [/^os:secure_boot$/, oneOf('disabled', 'required')],
  [/^os:resolution$/, oneOf('1024x768', '1280x1024', '1600x1200', '1920x1200', '2560x1600', '3840x2160')],
  [/^os:monitors$/, whole(1, 8)],
  [/^os:vram$/, oneOf('64', '128', '256', '512', '1024')],
  [/^quota:(cpu|memory|disk_io|vif)_limit$/, whole(0)],
  [/^quota:(cpu|memory|disk_io|vif)_reservation$/, whole()],
  [/^quota:(cpu|memory|disk_io|vif)_shares_level$/, oneOf('custom', 'high', 'normal', 'low')],
  [/^quota:(cpu|memory|disk_io|vif)_shares_share$/, whole(0)],
  [/^quota:(cpu_shares|cpu_period)$/, whole(0)],
  [/^quota:cpu_quota$/, whole()],
  [/^quota:disk_(read|write|total)_(bytes|iops)_sec$/, whole(0)],
  [/^quota:vif_(inbound|outbound)_(average|peak|burst)$/, whole(0)],
  [/^resources([a-zA-Z0-9_-]{1,64})?:[A-Z0-9_]+$/, whole()],
  [/^trait([a-zA-Z0-9_-]{1,64})?:[A-Z0-9_]+$/, oneOf('required', 'forbidden')],
  [/^accel:device_profile$/, text],
  [/^pci_passthrough:alias$/, format(/^[^:,]+:\d+(,[^:,]+:\d+)*$/)],
  [/^(aggregate_instance_extra_specs|capabilities|vmware|powervm):.+$/, text],
  [/^hide_hypervisor_id$/, flag],
  [/^group_policy$/, oneOf('isolate', 'none')],
];

/** The words in front of the colon that nova knows. */
const NAMESPACE =
  /^(hw|hw_rng|hw_video|os|quota|accel|pci_passthrough|aggregate_instance_extra_specs|capabilities|vmware|powervm|(resources|trait)([a-zA-Z0-9_-]{1,64})?)$/;

/** The first microversion that looks at extra specs. */
const VALIDATED_SINCE = 86;

/** @throws HttpProblem 400 from 2.86 on, for what nobody can mean. Names in other namespaces, or in none, are anyone's. */
export function requireKnownSpecs(minor: number, specs: GivenSpecs): void {
  if (minor < VALIDATED_SINCE) return;
  for (const [name, value] of Object.entries(specs)) {
    const found = RULES.find(([pattern]) => pattern.test(name));
    const fault = found?.[1](String(value));
    if (fault !== undefined) throw badRequest(`Validation failed; ${fault}`);
    const [namespace = '', ...rest] = name.split(':');
    if (found === undefined && rest.length > 0 && NAMESPACE.test(namespace))
      throw badRequest(`Validation failed; extra spec '${name}' does not appear to be a valid extra spec.`);
  }
}
