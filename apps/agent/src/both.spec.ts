import { both } from './both';

describe('two things that go on at once', () => {
  it('answer both', async () => {
    expect(await both(Promise.resolve(1), Promise.resolve('b'))).toEqual([1, 'b']);
  });

  it('fail only when both have ended', async () => {
    const ended: string[] = [];
    const slow = new Promise<void>((resolve) => {
      setImmediate(() => {
        ended.push('slow');
        resolve();
      });
    });
    await expect(both(Promise.reject(new Error('quick')), slow)).rejects.toThrow('quick');
    expect(ended).toEqual(['slow']);
  });
});
