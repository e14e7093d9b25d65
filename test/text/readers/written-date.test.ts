import { expect, test } from '@jest/globals';
import { writtenDate } from '../../../src/text/readers/written-date.ts';

test.each([
  [undefined, undefined],
  ['', undefined],
  ['soon', undefined],
  ['in May', undefined],
  ['0000-00-00', undefined],
  ['x'.repeat(1_000), undefined],
  ['12', undefined],
  ['1999', '1999'],
  ['1999-12', '1999-12'],
  ['1999-13-45', '1999'],
  ['19991231', '1999-12-31'],
  ['1999-12-31 23:59', '1999-12-31T23:59'],
  ['1999-12-31T23:59:01.5+0100', '1999-12-31T23:59:01+01:00'],
  ['July 17, 2006', '2006-07-17'],
  ['17 Jul 2006', '2006-07-17'],
  ['Tue, 03 Jun 2014 10:20:30 +0200 (CEST)', '2014-06-03T08:20:30Z'],
  ['Wed, 14 Apr 1993 19:05 GMT', '1993-04-14T19:05:00Z'],
])('%j is %j', (written, date) => {
  expect(writtenDate(written)).toBe(date);
});
