import { type ImageCloud, startImageCloud } from './testing/image-cloud';
import { ImageClient, messageOf, type ShownImage } from './testing/image-client';

interface Page {
  readonly images: readonly ShownImage[];
  readonly first: string;
  readonly next?: string;
}

describe('image lists', () => {
  let cloud: ImageCloud;
  let client: ImageClient;
  beforeAll(async () => {
    cloud = await startImageCloud();
    client = new ImageClient(cloud);
  });
  afterAll(() => cloud.close());

  describe('lists', () => {
    const ids: Record<string, string> = {};
    beforeAll(async () => {
      const made: [string, object, string][] = [
        ['l-a', { min_ram: 1, tags: ['x', 'y'], colour: 'red' }, 'demo'],
        ['l-b', { min_ram: 2, tags: ['x'], colour: 'Red', disk_format: 'raw' }, 'demo'],
        ['l-c', { protected: true, visibility: 'private', 'quo"te': 'a","b' }, 'demo'],
        ['l-hidden', { os_hidden: true }, 'demo'],
        ['l-community', { visibility: 'community' }, 'other'],
        ['l-public', { visibility: 'public' }, 'admin'],
        ['l-secret', {}, 'other'],
      ];
      for (const [name, body, token] of made) ids[name] = (await client.create({ name, ...body }, token)).id;
      for (let i = 0; i < 10; i += 1) await client.create({ name: `f-${String(i % 4)}` });
      await client.upload(ids['l-b'] ?? '', 'x'.repeat(100));
    });
    const only = (names: unknown[]): unknown[] => names.filter((name) => String(name).startsWith('l-'));

    it('shows what a project may know of, newest first', async () => {
      expect(only(await client.names('limit=1000'))).toEqual(['l-public', 'l-c', 'l-b', 'l-a']);
      expect(only(await client.names('limit=1000', 'other'))).toEqual(['l-secret', 'l-public', 'l-community']);
      expect(only(await client.names('limit=1000', 'admin'))).toContain('l-secret');
    });

    it.each([
      ['name=l-a', ['l-a']],
      ['name=in:l-a,l-b&sort=name:asc', ['l-a', 'l-b']],
      ['name=in:%22l-a%22,l-c&sort=name:asc', ['l-a', 'l-c']],
      ['name=L-A', []],
      ['tag=x&sort=name:asc', ['l-a', 'l-b']],
      ['tag=x&tag=y', ['l-a']],
      ['tag=%25', []],
      ['colour=red', ['l-a']],
      ['colour=Red', ['l-b']],
      ['quo%22te=a%22,%22b', ['l-c']],
      ['b=a', []],
      ['disk_format=raw&name=l-b', ['l-b']],
      ['status=active&name=l-b', ['l-b']],
      ['status=queued&name=l-b', []],
      ['status=deleted', []],
      ['protected=true&name=l-c', ['l-c']],
      ['protected=false&name=l-c', []],
      ['visibility=private&name=l-c', ['l-c']],
      ['visibility=public&name=l-public', ['l-public']],
      ['visibility=community&name=l-community', ['l-community']],
      ['visibility=all&name=l-community', ['l-community']],
      ['name=l-community', []],
      ['owner=p2&visibility=shared', []],
      ['os_hidden=true&name=l-hidden', ['l-hidden']],
      ['size=100&name=l-b', ['l-b']],
      ['size=99&name=l-b', []],
      ['size_min=100&name=l-b', ['l-b']],
      ['size_min=101&name=l-b', []],
      ['size_max=100&name=l-b', ['l-b']],
      ['min_ram=2&name=l-b', ['l-b']],
      ['created_at=gte:2020-01-01T00:00:00Z&name=l-a', ['l-a']],
      ['created_at=lt:2020-01-01T00:00:00Z', []],
      ['member_status=all&name=l-a', ['l-a']],
      ["name='; DROP TABLE image_v1; --", []],
      ['sort_key=name&sort_dir=asc&name=in:l-b,l-a,l-c', ['l-a', 'l-b', 'l-c']],
      ['sort=disk_format:desc,name:desc&name=in:l-b,l-a,l-c', ['l-b', 'l-c', 'l-a']],
      ['sort_key=disk_format&sort_key=name&sort_dir=asc&sort_dir=desc&name=in:l-b,l-a,l-c', ['l-c', 'l-a', 'l-b']],
      ['sort=size:desc&name=in:l-b,l-a&limit=1', ['l-b']],
      ['limit=0', []],
    ])('with %s', async (query, names) => {
      expect(await client.names(query)).toEqual(names);
    });

    it.each([
      ['limit=x', 'limit param must be an integer'],
      ['limit=-1', 'limit param must be positive'],
      ['sort=colour', 'Invalid sort key: colour.'],
      ['sort=name:up', 'Invalid sort direction: up'],
      ['sort=name&sort_key=name', 'Old and new sorting syntax cannot be combined'],
      ['sort_key=name&sort_dir=asc&sort_dir=desc', 'Number of sort dirs does not match'],
      ['visibility=mine', 'Invalid visibility value: mine'],
      ['member_status=bored', 'Invalid status: bored'],
      ['changes-since=2020', 'no longer available'],
      ['protected=perhaps', "'protected'"],
      ['os_hidden=perhaps', "'os_hidden'"],
      ['size_min=big', 'non-numeric'],
      ['created_at=never', 'Invalid time format'],
      ['created_at=near:2020-01-01', "operator 'near'"],
      ['marker=nothing', 'No image found with ID nothing'],
    ])('refuses %s', async (query, words) => {
      const answer = await client.send('GET', `/v2/images?${query}`);
      expect([answer.statusCode, messageOf(answer)]).toEqual([400, expect.stringContaining(words)]);
    });

    it("does not take another project's image for a marker", async () => {
      expect((await client.send('GET', `/v2/images?marker=${ids['l-secret'] ?? ''}`)).statusCode).toBe(400);
    });

    it.each(['name:asc', 'name:desc', 'disk_format:asc,size:desc', 'created_at:desc', 'status'])(
      'turns pages in the order %s without losing or repeating any',
      async (sort) => {
        const whole = (await client.send('GET', `/v2/images?sort=${sort}&limit=1000`)).json<{ images: ShownImage[] }>()
          .images;
        const paged: string[] = [];
        let url: string | undefined = `/v2/images?sort=${sort}&limit=3`;
        while (url !== undefined) {
          const page: Page = (await client.send('GET', url)).json<Page>();
          expect(page.first).toBe(`/v2/images?sort=${encodeURIComponent(sort)}&limit=3`);
          paged.push(...page.images.map(({ id }) => id));
          url = page.next;
        }
        expect(whole.length).toBeGreaterThan(10);
        expect(paged).toEqual(whole.map(({ id }) => id));
      },
    );
  });
});
