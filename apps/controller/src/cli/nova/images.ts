import { listIn, query } from './answers';
import { type Client, CommandError, type Json } from './client';
import type { OwnCommand } from './own-command';
import { properties, table } from './table';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The image of an id, or of a name that one has. */
async function imageOf(client: Client, idOrName: string): Promise<Json> {
  if (UUID.test(idOrName)) return client.image('GET', `/v2/images/${idOrName}`);
  const images = listIn(await client.image('GET', `/v2/images${query('name', idOrName)}`), 'images');
  const [image, another] = images;
  if (image === undefined) throw new CommandError(`No image with a name or ID of '${idOrName}' exists.`);
  if (another !== undefined) throw new CommandError(`Multiple images have the name '${idOrName}': name it by its ID.`);
  return image;
}

export const imageList: OwnCommand['run'] = async (client, { options }) => {
  const limit = options.get('limit');
  const all: Json[] = [];
  let path: unknown = `/v2/images${query('limit', limit)}`;
  while (typeof path === 'string') {
    const page: Json = await client.image('GET', path);
    all.push(...listIn(page, 'images'));
    path = limit === undefined ? page['next'] : undefined;
  }
  const wanted = options.get('server');
  const rows = all
    .filter((image) => wanted === undefined || image['instance_uuid'] === wanted)
    .map((image) => [image['id'], image['name'], String(image['status']).toUpperCase(), image['instance_uuid'] ?? '']);
  return table(['ID', 'Name', 'Status', 'Server'], rows);
};

export const deleteImages: OwnCommand['run'] = async (client, { values }) => {
  for (const value of values) {
    const { id } = await imageOf(client, value);
    await client.image('DELETE', `/v2/images/${String(id)}`);
  }
  return '';
};

export const imageShow: OwnCommand['run'] = async (client, { values }) =>
  properties(await imageOf(client, values[0] ?? ''));
