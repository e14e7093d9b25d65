// Dates as people and mail programs write them → ISO 8601, as precise as they are.
import { xmlDate } from './document-date.ts';

const COMPACT = /^(\d{4})(\d\d)(\d\d)$/;

/**
 * `1999`, `1999-12-31`, `1999-12-31 23:59+01:00` stay as precise as they are; dates with English months and those of mail
 * headers become a moment in UTC, or a day where they have no time; undefined for what is no date.
 */
export function writtenDate(written: string | undefined): string | undefined {
  if (written === undefined || written.length > 100) return undefined;
  const bare = written.trim();
  const exact = xmlDate(bare.replace(/^(\S+) (?=\d\d:)/, '$1T')) ?? xmlDate(bare.replace(COMPACT, '$1-$2-$3'));
  return exact ?? spokenDate(bare);
}

function spokenDate(written: string): string | undefined {
  if (!/[a-z]{3}/i.test(written) || !/\b\d{4}\b|\d\d:\d\d/.test(written)) return undefined;
  // "(CET)" after the offset only repeats it
  const bare = written.replace(/\s*\([^)]*\)$/, '');
  const timed = /\d:\d/.test(bare);
  const zoned = /(?:[+-]\d{4}|GMT|UT|UTC|Z|[ECMP][SD]T)$/i.test(bare);
  const moment = Date.parse(zoned ? bare : `${bare} UTC`);
  if (Number.isNaN(moment)) return undefined;
  const date = new Date(moment).toISOString();
  if (!/^[12]\d{3}-/.test(date)) return undefined;
  return timed ? date.replace('.000Z', 'Z') : date.slice(0, 10);
}
