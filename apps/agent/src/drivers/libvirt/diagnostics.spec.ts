import { countsOf } from './diagnostics';

const STATS = `Domain: 'instance-00000001'
  balloon.current=524288
  balloon.maximum=1048576
  balloon.swap_in=0
  balloon.rss=301234
  vcpu.current=2
  vcpu.maximum=2
  vcpu.0.state=1
  vcpu.0.time=12000000000
  vcpu.1.state=1
  vcpu.1.time=9000000000
  net.count=1
  net.0.name=tap0123456789a
  net.0.rx.bytes=1000
  net.0.rx.pkts=10
  net.0.rx.errs=0
  net.0.rx.drop=1
  net.0.tx.bytes=2000
  net.0.tx.pkts=20
  net.0.tx.errs=2
  net.0.tx.drop=0
  block.count=1
  block.0.name=vda
  block.0.path=/i/disk
  block.0.rd.reqs=5
  block.0.rd.bytes=4096
  block.0.wr.reqs=7
  block.0.wr.bytes=8192
`;
const INTERFACES = ` tap0123456789a   ethernet   -   virtio   fa:16:3e:00:00:01\n`;

it('reads what libvirt counts of a guest', () => {
  expect(countsOf(STATS, INTERFACES)).toEqual({
    memoryMaxKb: 1_048_576,
    memoryUsedKb: 524_288,
    memory: { actual: 524_288, swap_in: 0, rss: 301_234 },
    cpus: [
      { id: 0, timeNs: 12_000_000_000 },
      { id: 1, timeNs: 9_000_000_000 },
    ],
    disks: [{ device: 'vda', readRequests: 5, readBytes: 4096, writeRequests: 7, writeBytes: 8192 }],
    nics: [
      {
        device: 'tap0123456789a',
        mac: 'fa:16:3e:00:00:01',
        ...{ rxBytes: 1000, rxPackets: 10, rxErrors: 0, rxDrop: 1 },
        ...{ txBytes: 2000, txPackets: 20, txErrors: 2, txDrop: 0 },
      },
    ],
  });
});

it('counts nothing where libvirt says nothing, or nonsense', () => {
  const nothing = { memoryMaxKb: 0, memoryUsedKb: 0, memory: {}, cpus: [], disks: [], nics: [] };
  expect(countsOf('', '')).toEqual(nothing);
  expect(countsOf('vcpu.maximum=-1\nnet.count=many', '')).toEqual(nothing);
});
