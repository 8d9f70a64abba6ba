import { specOf } from '../testing/given';
import { request, type RequestCommand, type RequestEvent } from './index';

const given = specOf(request);
const use = (requestHash: string): RequestCommand => ({ type: 'UseKey', data: { requestHash } });
const used: RequestEvent = { type: 'request.key-used.v1', data: { requestHash: 'a' } };

describe('the key of a request', () => {
  it('stands for what it was used for first', () => {
    given().when(use('a')).then(used);
    given(used).when(use('a')).thenNothing();
    given(used).when(use('b')).thenRefuses('request.key-reused');
  });
});
