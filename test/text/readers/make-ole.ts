// Compound files ("OLE") made by hand: only their directory, which says what they are.
const SECTOR = 512;

/** A file with these streams at the top, all empty. */
export function makeOle(names: readonly string[]): Buffer {
  const entries = [directoryEntry('Root Entry', 5, 1), ...names.map((name, i) => directoryEntry(name, 2, -1, i + 2))];
  entries.at(-1)?.writeUInt32LE(0xffffffff, 72);
  while (entries.length % 4 !== 0) entries.push(Buffer.alloc(128));
  const sectors = entries.length / 4;

  const header = Buffer.alloc(SECTOR);
  header.write('d0cf11e0a1b11ae1', 'hex');
  header.writeUInt16LE(3, 26);
  header.writeUInt16LE(0xfffe, 28);
  header.writeUInt16LE(9, 30);
  header.writeUInt32LE(1, 44);
  header.writeUInt32LE(1, 48);
  header.fill(0xff, 76);
  header.writeUInt32LE(0, 76);

  // sector 0 is the table of sectors, the directory follows
  const table = Buffer.alloc(SECTOR, 0xff);
  table.writeUInt32LE(0xfffffffd, 0);
  for (let i = 1; i <= sectors; i++) table.writeUInt32LE(i === sectors ? 0xfffffffe : i + 1, 4 * i);
  return Buffer.concat([header, table, ...entries]);
}

function directoryEntry(name: string, type: number, child: number, right = -1): Buffer {
  const entry = Buffer.alloc(128);
  const written = entry.write(name, 'utf16le');
  entry.writeUInt16LE(written + 2, 64);
  entry.writeUInt8(type, 66);
  entry.writeInt32LE(-1, 68);
  entry.writeInt32LE(right, 72);
  entry.writeInt32LE(child, 76);
  return entry;
}
