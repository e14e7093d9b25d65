// The DCT-II of 32 numbers with the very roundings of scipy's (pocketfft): ties between frequencies, which drawn pictures
// have by the dozen, are decided by those roundings, and a hash must decide them as the reference does.

const SIZE = 32;
const HALF = SIZE / 2;

// Literals, since the last digit of Math.cos differs between JavaScript engines and C libraries.
/** cos(π k / 64) for k = 1 … 31: the quarter-wave factors of the last step. */
const QUARTER = Float64Array.of(
  0.9987954562051724,
  0.9951847266721969,
  0.989176509964781,
  0.9807852804032304,
  0.970031253194544,
  0.9569403357322088,
  0.9415440651830208,
  0.9238795325112867,
  0.9039892931234433,
  0.881921264348355,
  0.8577286100002721,
  0.8314696123025452,
  0.8032075314806449,
  0.773010453362737,
  0.7409511253549591,
  0.7071067811865475,
  0.6715589548470183,
  0.6343932841636455,
  0.5956993044924332,
  0.5555702330196022,
  0.5141027441932217,
  0.47139673682599753,
  0.42755509343028203,
  0.38268343236508967,
  0.33688985339221994,
  0.2902846772544623,
  0.24298017990326393,
  0.19509032201612825,
  0.14673047445536164,
  0.09801714032956049,
  0.04906767432741799,
);
/** cos(2π k / 32) and sin(2π k / 32) for k = 0 … 7. */
const ROOT_COS = Float64Array.of(
  1.0,
  0.9807852804032304,
  0.9238795325112867,
  0.8314696123025452,
  0.7071067811865475,
  0.5555702330196022,
  0.3826834323650898,
  0.19509032201612825,
);
const ROOT_SIN = Float64Array.of(
  0.0,
  0.19509032201612825,
  0.3826834323650898,
  0.5555702330196022,
  Math.SQRT1_2,
  0.8314696123025452,
  0.9238795325112867,
  0.9807852804032304,
);

const scratch = new Float64Array(SIZE);

/**
 * Replaces the 32 numbers of `values` by their DCT-II, unnormalised as `scipy.fftpack.dct` gives it:
 * y[k] = 2 Σ x[n] cos(π k (2n + 1) / 64). Computed as a half-complex inverse FFT of the same length, in steps of radix 2, 4
 * and 4 (Makhoul, A fast cosine transform in one and two dimensions, 1980).
 */
export function cosineTransform32(values: Float64Array): void {
  values[0]! *= 2;
  values[SIZE - 1]! *= 2;
  for (let at = 1; at < SIZE - 1; at += 2) {
    const later = values[at + 1]!;
    values[at + 1] = later - values[at]!;
    values[at] = values[at]! + later;
  }
  radix2(values, scratch);
  radix4(scratch, values, 4, 2);
  radix4(values, scratch, 1, 8);
  values[0] = scratch[0]!;
  for (let at = 1, mirror = SIZE - 1; at < HALF; at++, mirror--) {
    const sum = QUARTER[at - 1]! * scratch[mirror]! + QUARTER[mirror - 1]! * scratch[at]!;
    const difference = QUARTER[at - 1]! * scratch[at]! - QUARTER[mirror - 1]! * scratch[mirror]!;
    values[at] = 0.5 * (sum + difference);
    values[mirror] = 0.5 * (sum - difference);
  }
  values[HALF] = scratch[HALF]! * QUARTER[HALF - 1]!;
}

/** One half-complex sequence of 32 into two of 16. Real and imaginary parts of a term lie side by side, at − 1 and at. */
function radix2(from: Float64Array, to: Float64Array): void {
  to[0] = from[0]! + from[SIZE - 1]!;
  to[HALF] = from[0]! - from[SIZE - 1]!;
  for (let at = 2; at < HALF; at += 2) {
    const mirror = SIZE - at;
    const real = from[at - 1]! - from[mirror - 1]!;
    const imaginary = from[at]! + from[mirror]!;
    const cos = ROOT_COS[at / 2]!;
    const sin = ROOT_SIN[at / 2]!;
    to[at - 1] = from[at - 1]! + from[mirror - 1]!;
    to[at] = from[at]! - from[mirror]!;
    to[HALF + at] = cos * imaginary + sin * real;
    to[HALF + at - 1] = cos * real - sin * imaginary;
  }
  to[HALF - 1] = 2 * from[HALF - 1]!;
  to[SIZE - 1] = -2 * from[HALF]!;
}

/** `count` half-complex sequences of 4 × `length` into four times as many of `length`. */
function radix4(from: Float64Array, to: Float64Array, length: number, count: number): void {
  const quarter = length * count;
  for (let sequence = 0; sequence < count; sequence++) {
    const first = 4 * length * sequence;
    const second = first + length;
    const third = second + length;
    const fourth = third + length;
    const out = length * sequence;
    const last = length - 1;
    const sum = from[first]! + from[fourth + last]!;
    const difference = from[first]! - from[fourth + last]!;
    const real = 2 * from[second + last]!;
    const imaginary = 2 * from[third]!;
    to[out] = sum + real;
    to[out + 2 * quarter] = sum - real;
    to[out + 3 * quarter] = difference + imaginary;
    to[out + quarter] = difference - imaginary;
    for (let at = 2; at < length; at += 2) {
      const mirror = length - at;
      const realSum = from[first + at - 1]! + from[fourth + mirror - 1]!;
      const realDifference = from[first + at - 1]! - from[fourth + mirror - 1]!;
      const imaginarySum = from[first + at]! + from[fourth + mirror]!;
      const imaginaryDifference = from[first + at]! - from[fourth + mirror]!;
      const oddImaginarySum = from[third + at]! + from[second + mirror]!;
      const oddImaginaryDifference = from[third + at]! - from[second + mirror]!;
      const oddRealSum = from[third + at - 1]! + from[second + mirror - 1]!;
      const oddRealDifference = from[third + at - 1]! - from[second + mirror - 1]!;
      to[out + at - 1] = realSum + oddRealSum;
      to[out + at] = imaginaryDifference + oddImaginaryDifference;
      const step = (at / 2) * count;
      const into = out + at;
      rotate(to, into + quarter, step, realDifference - oddImaginarySum, imaginarySum + oddRealDifference);
      rotate(to, into + 2 * quarter, 2 * step, realSum - oddRealSum, imaginaryDifference - oddImaginaryDifference);
      rotate(to, into + 3 * quarter, 3 * step, realDifference + oddImaginarySum, imaginarySum - oddRealDifference);
    }
    if (length % 2 === 0) {
      const imaginarySumAtEnd = from[fourth]! + from[second]!;
      const imaginaryDifferenceAtEnd = from[fourth]! - from[second]!;
      const realSumAtEnd = from[first + last]! + from[third + last]!;
      const realDifferenceAtEnd = from[first + last]! - from[third + last]!;
      to[out + last] = realSumAtEnd + realSumAtEnd;
      to[out + last + quarter] = Math.SQRT2 * (realDifferenceAtEnd - imaginarySumAtEnd);
      to[out + last + 2 * quarter] = imaginaryDifferenceAtEnd + imaginaryDifferenceAtEnd;
      to[out + last + 3 * quarter] = -Math.SQRT2 * (realDifferenceAtEnd + imaginarySumAtEnd);
    }
  }
}

/** Stores (real + i imaginary) turned by 2π step / 32 at `at − 1`, `at`. */
function rotate(to: Float64Array, at: number, step: number, real: number, imaginary: number): void {
  const cos = ROOT_COS[step]!;
  const sin = ROOT_SIN[step]!;
  to[at] = cos * imaginary + sin * real;
  to[at - 1] = cos * real - sin * imaginary;
}
