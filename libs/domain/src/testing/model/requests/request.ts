import { asked, few } from '../asked';

export const request = asked({
  category: 'request',
  streams: [],
  requests: () => ({ UseKey: few.map((n) => ({ requestHash: String(n) })) }),
});
