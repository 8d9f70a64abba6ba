import { complaints, goldenFiles, linesTakenOut, listedFiles } from './manifest';

describe('golden files are only ever added', () => {
  it('each is as it was when it was added', () => {
    expect(goldenFiles().size).toBeGreaterThan(90);
    expect(complaints(listedFiles(), goldenFiles())).toEqual([]);
  });

  it('no line of their list was ever changed, as far as the history here goes', () => {
    const lines = linesTakenOut();
    if (lines === undefined) console.log('no git repository here: only the list itself was checked');
    expect(lines ?? []).toEqual([]);
  });

  it('sees a file that was edited, one that is gone, and one that is not listed', () => {
    const listed = new Map([...listedFiles()]);
    const found = new Map([...listed]);
    const [first, second] = [...listed.keys()] as [string, string];
    found.set(first, '0'.repeat(64));
    found.delete(second);
    found.set('new.json', '0'.repeat(64));
    expect(complaints(listed, found)).toEqual([
      `${second} is gone`,
      `${first} was edited`,
      'new.json is not listed: npm run golden',
    ]);
  });
});
