import { IsOptional, IsString } from 'class-validator';
import { attributesOf, NestedWithAttributes } from './own-attributes';
import { HttpProblem } from './problem';
import { ValidationPipe } from './validation.pipe';

class Fields {
  @IsOptional() @IsString() readonly name?: string;
}

class Body {
  @NestedWithAttributes(() => Fields) readonly thing!: Fields;
}

const read = async (json: string): Promise<Body> => {
  const made: unknown = await new ValidationPipe().transform(JSON.parse(json), { metatype: Body, type: 'body' });
  if (!(made instanceof Body)) throw new Error('no body');
  return made;
};

describe('attributes of one’s own', () => {
  it('are the fields that the class does not have, whatever they are called and hold', async () => {
    const { thing } = await read(
      '{"thing": {"name": "a", "colour": {"of": [1, null]}, "__proto__": 1, "constructor": true, "attributes": []}}',
    );
    expect(thing.name).toBe('a');
    expect(Object.entries(attributesOf(thing, []) ?? {})).toEqual([
      ['colour', { of: [1, null] }],
      ['__proto__', 1],
      ['constructor', true],
      ['attributes', []],
    ]);
  });

  it('are none of the names that the resource shows itself', async () => {
    const { thing } = await read('{"thing": {"id": "x", "links": 1}}');
    expect(attributesOf(thing, ['id', 'links'])).toBeUndefined();
  });

  it('are checked: fields of the class by its rules, the object itself, its size, and what is beside it', async () => {
    for (const json of [
      '{"thing": {"name": 5, "colour": 1}}',
      '{"thing": null}',
      '{"thing": []}',
      '{}',
      '{"thing": {}, "b": 1}',
    ])
      await expect(read(json)).rejects.toThrow(HttpProblem);
    const { thing } = await read(JSON.stringify({ thing: { text: 'x'.repeat(70_000) } }));
    expect(() => attributesOf(thing, [])).toThrow(/65535 bytes/);
  });
});
