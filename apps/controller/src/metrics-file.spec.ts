import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { silentLog } from './log';
import { MetricsFile } from './metrics-file';

describe('the metrics of the controller', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cairn-metrics-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('say how many streams are parked, the last that was set', async () => {
    const metrics = new MetricsFile(join(folder, 'metrics.prom'), silentLog);
    for (const parked of [1, 2]) metrics.setParked('servers', parked);
    metrics.setParked('quotas', 0);
    await metrics.written();
    const text = await readFile(join(folder, 'metrics.prom'), 'utf8');
    expect(text).toContain('# TYPE cairn_read_model_parked_streams gauge\n');
    expect(text).toContain('cairn_read_model_parked_streams{group="servers"} 2\n');
    expect(text).toContain('cairn_read_model_parked_streams{group="quotas"} 0\n');
  });

  it('say which node of the log is in use, and by how many connections and calls', async () => {
    const metrics = new MetricsFile(join(folder, 'metrics.prom'), silentLog);
    const log = { address: 'a:2113', use: 'leads', connections: 2, calls: 93 } as const;
    metrics.setLog({ ...log, address: 'b:2113', use: 'forwards' });
    metrics.setLog(log);
    await metrics.written();
    const text = await readFile(join(folder, 'metrics.prom'), 'utf8');
    expect(text).toContain('cairn_log_connections 2\n');
    expect(text).toContain('cairn_log_calls 93\n');
    expect(text).toContain('cairn_log_node{address="a:2113",use="leads"} 1\n');
    expect(text).not.toContain('b:2113');
    metrics.setLog(undefined);
    await metrics.written();
    expect(await readFile(join(folder, 'metrics.prom'), 'utf8')).not.toContain('a:2113');
  });

  it('end nothing where they cannot be written', async () => {
    const told: string[] = [];
    const log = { ...silentLog, warn: (message: string) => void told.push(message) };
    const metrics = new MetricsFile(join(folder, 'missing', 'metrics.prom'), log);
    metrics.setParked('servers', 1);
    await metrics.written();
    expect(told).toEqual(['the metrics could not be written']);
  });
});
