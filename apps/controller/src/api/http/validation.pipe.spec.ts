import { IsIn, IsOptional, IsString } from 'class-validator';
import { ValidationPipe } from './validation.pipe';

class Filters {
  @IsOptional() @IsIn(['up', 'down']) readonly state?: string;
}

class Search {
  @IsString() readonly words!: string;
}

describe('the rules of a query', () => {
  const pipe = new ValidationPipe();
  const read = (type: new () => object, value: unknown) => pipe.transform(value, { type: 'query', metatype: type });

  it.each(['the first time', 'again'])('hold for one that is empty, and for the next that is not, %s', async () => {
    await expect(read(Filters, {})).resolves.toBeInstanceOf(Filters);
    await expect(read(Filters, undefined)).resolves.toBeInstanceOf(Filters);
    await expect(read(Filters, { state: 'up' })).resolves.toMatchObject({ state: 'up' });
    await expect(read(Filters, { state: 'lost' })).rejects.toMatchObject({ status: 400 });
    await expect(read(Search, {})).rejects.toMatchObject({ status: 400 });
    await expect(read(Search, { words: 'a' })).resolves.toMatchObject({ words: 'a' });
  });

  it('gives each request an object of its own', async () => {
    expect(await read(Filters, {})).not.toBe(await read(Filters, {}));
  });
});
