// Framed pixels → the numbers of a network's input.
import type { NumericTensor } from '../runtime/numeric-tensor.ts';
import { halfOf } from './half-floats.ts';
import type { PictureFrame, PictureNumbers } from './picture-input.ts';

const COLOURS = 3;
const BYTES = 256;

type Numbers = Float32Array | Uint16Array | Uint8Array;

/** Makes the input of one run of some framed pictures ([height, width, 3] bytes each). */
export type TensorMaker = (pictures: readonly Uint8Array[], rows: number) => NumericTensor;

/** @returns a function whose tensors have as many rows as they are asked for; those beyond the pictures are zeros */
export function tensorMaker(input: PictureFrame & PictureNumbers): TensorMaker {
  const [height, width] = input.side;
  const pixels = height * width;
  const tables = Array.from({ length: COLOURS }, (_, channel) => tableOf(input, channel));
  const isPlanar = input.layout === 'NCHW';
  const [step, plane] = isPlanar ? [1, pixels] : [COLOURS, 1];
  const shape = isPlanar ? [COLOURS, height, width] : [height, width, COLOURS];
  return (pictures, rows) => {
    const data = numbers(input.type, rows * COLOURS * pixels);
    pictures.forEach((rgb, row) => {
      tables.forEach((table, channel) => {
        const colour = input.channels === 'rgb' ? channel : COLOURS - 1 - channel;
        let to = row * COLOURS * pixels + channel * plane;
        for (let from = colour; from < rgb.length; from += COLOURS, to += step) data[to] = table[rgb[from]!]!;
      });
    });
    return { data, shape: [rows, ...shape] };
  };
}

/** What each byte of a channel becomes. */
function tableOf({ type, scale, mean, std }: PictureNumbers, channel: number): Numbers {
  const table = numbers(type, BYTES);
  for (let byte = 0; byte < BYTES; byte++) {
    const value = (byte * scale - mean[channel]!) / std[channel]!;
    table[byte] = type === 'uint8' ? byte : type === 'float16' ? halfOf(value) : value;
  }
  return table;
}

function numbers(type: PictureNumbers['type'], length: number): Numbers {
  if (type === 'float32') return new Float32Array(length);
  return type === 'float16' ? new Uint16Array(length) : new Uint8Array(length);
}
