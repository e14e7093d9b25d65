// Why a picture was refused: what sharp and libvips say, in the words of the error table.
import { SandglassError } from '../errors.ts';

export const FORMAT_LIST =
  'a JPEG, PNG, WebP, GIF, TIFF, AVIF, SVG, HEIC, JPEG 2000, JPEG XL, BMP, TGA, PNM, ICO, PSD, QOI, HDR or camera raw picture';

/** @param fixed whether no option raises the limit */
export function tooLarge(width: number, height: number, maxPixels: number, fixed = false): SandglassError {
  const megapixels = (pixels: number) => `${(pixels / 1e6).toFixed(pixels < 1e7 ? 1 : 0)} megapixels`;
  return new SandglassError(
    'IMAGE_TOO_LARGE',
    `Expected a picture of at most ${megapixels(maxPixels)} but received ${width} × ${height} (${megapixels(width * height)}); ` +
      (fixed ? 'save it as JPEG, PNG or TIFF to have it read.' : 'raise the limit to read it.'),
  );
}

const ENDS_EARLY = 'The file ends before a usable part of the picture; copy it anew from where it came.';

export function endsEarly(): SandglassError {
  return new SandglassError('IMAGE_BROKEN', ENDS_EARLY);
}

export function noPixels(): SandglassError {
  return new SandglassError('IMAGE_BROKEN', 'The picture has no pixels: its width or height is 0.');
}

/** Not worth a second, more lenient try. */
export function isFinal(error: unknown): boolean {
  return /pixel limit|timeout/i.test(messageOf(error));
}

/** TIFF is more a box than a format; another decoder knows some of what this one does not. */
export function isStrangeTiff(error: unknown): boolean {
  const message = error instanceof SandglassError ? messageOf(error.cause) : messageOf(error);
  return /tiff2vips.*(supported|configured|samples_per_pixel)|bad labq format/i.test(message);
}

/** What libvips says, in words for someone who only knows the file. */
const REASONS: readonly (readonly [pattern: RegExp, code: 'IMAGE_BROKEN' | 'KIND_UNSUPPORTED', reason: string])[] = [
  [/unsupported image format/i, 'KIND_UNSUPPORTED', `Expected ${FORMAT_LIST} but the content is none of these.`],
  [
    /heif.*(unsupported|not supported|decoder plugin|no decoding)|(un|not ?)supported|unrecognized|no *decode *delegate/i,
    'KIND_UNSUPPORTED',
    'The picture is of a variant of its format that is not read; save it as PNG, TIFF or JPEG.',
  ],
  [
    /bad dimensions|zero|invalid ihdr|no image/i,
    'IMAGE_BROKEN',
    'The picture holds no image: its size is 0 or missing; copy it anew from where it came.',
  ],
  [
    /premature end|truncat|read error|unexpected *end|end *of *file|not *enough|too few|bad seek|insufficient|inconsistent with stream/i,
    'IMAGE_BROKEN',
    ENDS_EARLY,
  ],
  [
    /corrupt header|bad header/i,
    'IMAGE_BROKEN',
    'The header of the picture is damaged; copy it anew from where it came.',
  ],
];

/** What a thrown error of sharp means for someone who only knows the file. */
export function refusal(error: unknown): SandglassError {
  if (error instanceof SandglassError) return error;
  const message = messageOf(error);
  const cause = { cause: error };
  if (/timeout/i.test(message)) {
    return new SandglassError('READ_TIMEOUT', 'Decoding the picture took longer than the limit.', cause);
  }
  if (/pixel limit|exceeds *limit|resources? *exhausted|memory *allocation/i.test(message)) {
    const reason = 'The picture takes more pixels or memory than the limit; save a smaller copy to have it read.';
    return new SandglassError('IMAGE_TOO_LARGE', reason, cause);
  }
  const known = REASONS.find(([pattern]) => pattern.test(message));
  const detail = message
    .replace(/^Input buffer (has corrupt header|contains)[: ]*/i, '')
    .replace(/\s*[`'][^`']*'.* @ \w+\/.*$/s, '')
    .split('\n')[0]
    ?.trim()
    .replace(/^(?:[A-Z][a-z]+){2,}$/, (words) => words.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase());
  if (known) return new SandglassError(known[1], detail ? `${known[2]} (${detail})` : known[2], cause);
  return new SandglassError(
    'IMAGE_BROKEN',
    `The picture is damaged: ${detail}; copy it anew from where it came.`,
    cause,
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
