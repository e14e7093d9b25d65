// Dates as documents write them → ISO 8601, as precise as they are.

const PDF_DATE = /^\s*(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?\s*(Z|[+-]\d\d'?\d\d|[+-]\d\d)?/;
const ISO_DATE =
  /^\s*(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?)?)?\s*$/;

/** A date of a PDF, `D:20240131120000+01'00'`; undefined when it is none. */
export function pdfDate(text: string | undefined): string | undefined {
  return text === undefined ? undefined : assemble(PDF_DATE.exec(text));
}

/** A date of a zipped document, ISO 8601 with less or more; undefined when it is none. */
export function xmlDate(text: string | undefined): string | undefined {
  return text === undefined ? undefined : assemble(ISO_DATE.exec(text));
}

function assemble(parts: readonly (string | undefined)[] | null): string | undefined {
  if (parts === null) return undefined;
  const [, year = '', month, day, hour, minute, second, zone] = parts;
  if (Number(year) < 1000) return undefined;
  if (!within(month, 1, 12)) return year;
  if (!within(day, 1, 31)) return `${year}-${month}`;
  const date = `${year}-${month}-${day}`;
  if (!within(hour, 0, 23) || !within(minute, 0, 59)) return date;
  const seconds = within(second, 0, 59) ? `:${second}` : '';
  return `${date}T${hour}:${minute}${seconds}${zoneOf(zone)}`;
}

function within(digits: string | undefined, least: number, most: number): boolean {
  return digits !== undefined && Number(digits) >= least && Number(digits) <= most;
}

function zoneOf(zone: string | undefined): string {
  if (zone === undefined || zone === 'Z') return zone ?? '';
  const digits = zone.slice(1).replace(/\D/g, '').padEnd(4, '0');
  return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
}
