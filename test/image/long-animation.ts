// Animations of very many frames, written byte by byte.

/** A GIF of so many frames of 8 × 8, each all black or all white, written byte by byte. */
export function longAnimation(frames: number): Buffer {
  const head = Buffer.from('GIF89a\x08\0\x08\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
  // codes of three bits; the table is begun anew at every pixel, so that they never grow
  const frame = (index: number) => {
    // last bits first: end, then for each pixel its colour before the sign to begin anew
    const codes = `101${(index === 0 ? '000100' : '001100').repeat(64)}`;
    const bits = codes.padStart(Math.ceil(codes.length / 8) * 8, '0');
    const bytes = (bits.match(/.{8}/g) ?? []).reverse().map((byte) => Number.parseInt(byte, 2));
    return Buffer.concat([
      Buffer.from('\x21\xf9\x04\0\x02\0\0\0\x2c\0\0\0\0\x08\0\x08\0\0\x02', 'latin1'),
      Buffer.from([bytes.length, ...bytes, 0]),
    ]);
  };
  const both = [frame(0), frame(1)];
  return Buffer.concat([head, ...Array.from({ length: frames }, (_, i) => both[i % 2]!), Buffer.from(';')]);
}
