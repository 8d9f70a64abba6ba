import { rule, type Rule } from '../rule';
import { whole } from '../values';
import { bestTopology, type Counts } from '../topology';

const number = whole(0, 65_536);

export const processorRules: readonly Rule[] = [
  rule({
    image: {
      hw_cpu_sockets: number,
      hw_cpu_cores: number,
      hw_cpu_threads: number,
      hw_cpu_max_sockets: number,
      hw_cpu_max_cores: number,
      hw_cpu_max_threads: number,
    },
    specs: {
      'hw:cpu_sockets': number,
      'hw:cpu_cores': number,
      'hw:cpu_threads': number,
      'hw:cpu_max_sockets': number,
      'hw:cpu_max_cores': number,
      'hw:cpu_max_threads': number,
    },
    effect:
      'How the processors of the flavor are arranged: as near to what is preferred as their number and the limits allow. The ' +
      'image may lower the limits of the flavor, and its preference counts before that of the flavor. Default: a socket each.',
    gives({ flavor, image, specs }) {
      const asked = [image, specs].flatMap((each) => Object.values(each)).some((value) => value > 0);
      if (!asked) return {};
      const cpuTopology = bestTopology(flavor.vcpus, {
        image: {
          wanted: counts(image.hw_cpu_sockets, image.hw_cpu_cores, image.hw_cpu_threads),
          most: counts(image.hw_cpu_max_sockets, image.hw_cpu_max_cores, image.hw_cpu_max_threads),
        },
        flavor: {
          wanted: counts(specs['hw:cpu_sockets'], specs['hw:cpu_cores'], specs['hw:cpu_threads']),
          most: counts(specs['hw:cpu_max_sockets'], specs['hw:cpu_max_cores'], specs['hw:cpu_max_threads']),
        },
      });
      return { cpuTopology };
    },
  }),
];

const counts = (sockets = 0, cores = 0, threads = 0): Counts => ({ sockets, cores, threads });
