import { HttpProblem } from '../../../http';
import { requireKnownSpecs } from './extra-spec-rules';

const refused = (name: string, value: string | number, minor = 86): (() => void) => {
  return () => {
    requireKnownSpecs(minor, { [name]: value });
  };
};

it.each([
  ['hw:numa_nodes', 1],
  ['hw:cpu_policy', 'dedicated'],
  ['hw:cpu_realtime_mask', '^0-1,3'],
  ['hw:mem_page_size', '2MiB'],
  ['hw:boot_menu', 'yes'],
  ['hw:ephemeral_encryption', 'no'],
  ['os:monitors', '8'],
  ['os:vram', '64'],
  ['quota:disk_read_bytes_sec', '1000'],
  ['quota:cpu_quota', '-1'],
  ['resources:VCPU', '2'],
  ['trait1:HW_CPU_X86_AVX', 'required'],
  ['aggregate_instance_extra_specs:ssd', 'true'],
  ['ssd', 'anything'],
  ['mine:ssd', 'anything'],
])('%s may be %s', (name, value) => {
  expect(refused(name, value)).not.toThrow();
});

it.each([
  ['hw:numa_nodes', '0'],
  ['hw:numa_nodes', 'two'],
  ['hw:numa_node', '1'],
  ['hw:cpu_policy', 'none'],
  ['hw:cpu_realtime_mask', 'all'],
  ['hw:boot_menu', 'perhaps'],
  ['os:monitors', '9'],
  ['os:vram', '63'],
  ['quota:nonsense', '1'],
  ['trait:HW_CPU_X86_AVX', 'wished'],
  ['resources1:vcpu', '1'],
])('%s may not be %s, from 2.86 on', (name, value) => {
  expect(refused(name, value)).toThrow(HttpProblem);
  expect(refused(name, value, 85)).not.toThrow();
});
