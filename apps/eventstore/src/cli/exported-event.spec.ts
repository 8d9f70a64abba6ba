import type { RecordedEvent } from '@eventstore/db-client';
import { exported, exportedLine, parseLine } from './exported-event';

const event = {
  streamId: 'thing-ü',
  revision: 3n,
  position: { commit: 64n, prepare: 64n },
  id: 'e1',
  type: 'thing.noted.v1',
  created: new Date(0),
  isJson: true,
  data: JSON.parse('{"b":[{"d":1,"c":"é\\n"}],"10":1,"9":{},"a":null}') as object,
  metadata: JSON.parse('{"z":[{"d":1,"c":2}],"at":"now"}') as object,
} as unknown as RecordedEvent;

describe('a line of an export', () => {
  it('says where the event is and then its data in their order and its metadata as canonical JSON', () => {
    expect(exportedLine(exported(event))).toBe(
      '{"stream":"thing-ü","revision":"3","position":"64","id":"e1","type":"thing.noted.v1",' +
        '"created":"1970-01-01T00:00:00.000Z","json":{"9":{},"10":1,"b":[{"d":1,"c":"é\\n"}],"a":null},' +
        '"metadata":{"at":"now","z":[{"c":2,"d":1}]}}',
    );
  });

  it('says the same event that it was made of', () => {
    expect(parseLine(exportedLine(exported(event)), 1)).toEqual(exported(event));
    const binary = { ...event, isJson: false, data: Buffer.from([0, 255]), metadata: undefined } as RecordedEvent;
    expect(parseLine(exportedLine(exported(binary)), 1)).toEqual(exported(binary));
  });
});
