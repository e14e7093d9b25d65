// The options of `sandglass encoders import` that say how a model wants its pictures.
import { InvalidArgumentError, Option } from 'commander';
import { finiteNumber, wholeNumber } from './option-values.ts';

const MOST_PIXELS = 4_096;
const COLOURS = 3;

export function pictureOptions(): Option[] {
  return [
    new Option('--input-layout <layout>', 'where the colours of a picture stand (default: as the model says)').choices([
      'NCHW',
      'NHWC',
    ]),
    new Option(
      '--side <pixels>',
      'what the model takes: 224, or height x width (default: as the model says)',
    ).argParser(side),
    new Option('--fit <way>', 'how pictures come to that: crop the middle, stretch, or pad with black').choices([
      'crop',
      'stretch',
      'pad',
    ]),
    new Option('--resize <pixels>', 'with crop: the shorter edge before the middle is cut out').argParser(
      wholeNumber(1, MOST_PIXELS),
    ),
    new Option('--kernel <name>', 'how pixels are resized').choices([
      ...['bilinear', 'bicubic', 'lanczos', 'box', 'hamming', 'nearest'],
    ]),
    new Option('--scale <number>', 'what each byte of a colour is multiplied by, such as 1/255').argParser(fraction),
    new Option('--mean <numbers>', 'taken away after that: one, or one a colour: 0.5,0.5,0.5').argParser(ofColours),
    new Option('--std <numbers>', 'divided by after that: one, or one a colour').argParser(ofColours),
    new Option('--channels <order>', 'the order of colours (default: rgb)').choices(['rgb', 'bgr']),
    new Option('--output <name>', 'the output of a picture model (default: one of a known name, or the only one)'),
  ];
}

function side(value: string): number | readonly [number, number] {
  const parse = wholeNumber(1, MOST_PIXELS);
  const [height = '', width, ...rest] = value.toLowerCase().split('x');
  if (rest.length > 0) throw new InvalidArgumentError('Expected a number of pixels, or height x width: 224, 224x336.');
  return width === undefined ? parse(height) : [parse(height), parse(width)];
}

function fraction(value: string): number {
  const [above = '', below = '1', ...rest] = value.split('/');
  const number = finiteNumber(above) / finiteNumber(below);
  if (rest.length > 0 || !Number.isFinite(number)) throw new InvalidArgumentError('Expected a number or a fraction.');
  return number;
}

function ofColours(value: string): number | readonly number[] {
  const numbers = value.split(',').map(finiteNumber);
  if (numbers.length === 1) return numbers[0]!;
  if (numbers.length === COLOURS) return numbers;
  throw new InvalidArgumentError('Expected one number, or three: 0.485,0.456,0.406.');
}
