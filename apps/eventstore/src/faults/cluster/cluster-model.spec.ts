import { ClusterModel } from './cluster-model';

describe('the model of a cluster', () => {
  it('lets a node that was late have all that it writes once it leads', () => {
    let end = 1;
    const timers: (() => void)[] = [];
    const time = { after: (_ms: number, work: () => void): void => void timers.push(work) };
    const cluster = new ClusterModel(3, time, () => end);
    cluster.lag(1);
    for (const other of [1, 2]) cluster.cut(0, other);
    timers.splice(0).forEach((work) => {
      work();
    });
    end = 2;
    expect([cluster.leader, cluster.isBehind(1)]).toEqual([1, false]);
  });
});
