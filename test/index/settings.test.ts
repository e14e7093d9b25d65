import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanUp, opened, temporaryIndex } from './temporary-index.ts';

afterEach(cleanUp);

describe('A setting of the index', () => {
  it('is anything JSON can say, replaced by the next and removed by undefined', () => {
    const layout = temporaryIndex();
    const catalog = opened(layout);
    catalog.settings.set('method/text', { name: 'bow', why: 'too few items', figures: [0.5, null] });
    expect(opened(layout, true).settings.get('method/text')).toEqual({
      name: 'bow',
      why: 'too few items',
      figures: [0.5, null],
    });
    catalog.settings.set('method/text', 'ae');
    expect(catalog.settings.get<string>('method/text')).toBe('ae');
    catalog.settings.set('method/text', undefined);
    expect(catalog.settings.get('method/text')).toBeUndefined();
  });
});
