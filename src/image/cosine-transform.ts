// The DCT-II of 32 or 64 numbers with the very roundings of scipy's (pocketfft): ties between frequencies, which drawn
// pictures have by the dozen, are decided by those roundings, and a hash must decide them as the reference does.

/** The factors of a transform of one size n. */
interface Factors {
  readonly size: number;
  /** cos(π k / 2n) for k = 1 … n − 1: the quarter-wave factors of the last step. */
  readonly quarter: Float64Array;
  /** cos(2π k / n) and sin(2π k / n) for as many k as the steps of the FFT turn by. */
  readonly cos: Float64Array;
  readonly sin: Float64Array;
  readonly scratch: Float64Array;
}

// Literals, since the last digit of Math.cos differs between JavaScript engines and C libraries, and pocketfft multiplies
// some of them out of others, which rounds them once more.
const OF_32: Factors = {
  size: 32,
  quarter: Float64Array.of(
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
  ),
  cos: Float64Array.of(
    1.0,
    0.9807852804032304,
    0.9238795325112867,
    0.8314696123025452,
    0.7071067811865475,
    0.5555702330196022,
    0.3826834323650898,
    0.19509032201612825,
  ),
  sin: Float64Array.of(
    0.0,
    0.19509032201612825,
    0.3826834323650898,
    0.5555702330196022,
    Math.SQRT1_2,
    0.8314696123025452,
    0.9238795325112867,
    0.9807852804032304,
  ),
  scratch: new Float64Array(32),
};

const OF_64: Factors = {
  size: 64,
  quarter: Float64Array.of(
    0.9996988186962042,
    0.9987954562051724,
    0.9972904566786902,
    0.9951847266721969,
    0.99247953459871,
    0.989176509964781,
    0.9852776423889412,
    0.9807852804032304,
    0.9757021300385286,
    0.970031253194544,
    0.9637760657954398,
    0.9569403357322088,
    0.9495281805930367,
    0.9415440651830208,
    0.932992798834739,
    0.9238795325112867,
    0.9142097557035307,
    0.9039892931234433,
    0.8932243011955152,
    0.881921264348355,
    0.8700869911087113,
    0.8577286100002721,
    0.844853565249707,
    0.8314696123025451,
    0.8175848131515837,
    0.8032075314806448,
    0.7883464276266062,
    0.773010453362737,
    0.7572088465064846,
    0.740951125354959,
    0.724247082951467,
    0.7071067811865475,
    0.6895405447370668,
    0.6715589548470183,
    0.6531728429537768,
    0.6343932841636455,
    0.6152315905806268,
    0.5956993044924332,
    0.5758081914178452,
    0.5555702330196022,
    0.5349976198870972,
    0.5141027441932217,
    0.49289819222978404,
    0.47139673682599753,
    0.4496113296546066,
    0.42755509343028203,
    0.40524131400498986,
    0.3826834323650898,
    0.35989503653498817,
    0.33688985339222005,
    0.3136817403988915,
    0.2902846772544624,
    0.2667127574748984,
    0.24298017990326393,
    0.2191012401568698,
    0.19509032201612828,
    0.17096188876030127,
    0.14673047445536175,
    0.12241067519921622,
    0.0980171403295606,
    0.0735645635996674,
    0.04906767432741804,
    0.02454122852291235,
  ),
  cos: Float64Array.of(
    1.0,
    0.9951847266721969,
    0.9807852804032304,
    0.9569403357322088,
    0.9238795325112867,
    0.881921264348355,
    0.8314696123025452,
    0.773010453362737,
    0.7071067811865475,
    0.6343932841636455,
    0.5555702330196022,
    0.47139673682599753,
    0.38268343236508967,
    0.2902846772544623,
    0.19509032201612825,
    0.09801714032956049,
    -0.0,
    -0.0980171403295606,
    -0.19509032201612825,
    -0.29028467725446233,
    -0.3826834323650898,
    -0.47139673682599764,
  ),
  sin: Float64Array.of(
    0.0,
    0.0980171403295606,
    0.19509032201612825,
    0.29028467725446233,
    0.3826834323650898,
    0.47139673682599764,
    0.5555702330196022,
    0.6343932841636455,
    Math.SQRT1_2,
    0.773010453362737,
    0.8314696123025452,
    0.8819212643483549,
    0.9238795325112867,
    0.9569403357322088,
    0.9807852804032304,
    0.9951847266721969,
    1.0,
    0.9951847266721969,
    0.9807852804032304,
    0.9569403357322088,
    0.9238795325112867,
    0.881921264348355,
  ),
  scratch: new Float64Array(64),
};

/**
 * Replaces the 32 or 64 numbers of `values` by their DCT-II, unnormalised as `scipy.fftpack.dct` gives it:
 * y[k] = 2 Σ x[m] cos(π k (2m + 1) / 2n). Computed as a half-complex inverse FFT of the same length (Makhoul, A fast cosine
 * transform in one and two dimensions, 1980) in steps of radix 2, 4 and 4, or 4, 4 and 4.
 */
export function cosineTransform(values: Float64Array): void {
  const factors = values.length === 64 ? OF_64 : OF_32;
  const { size, quarter, scratch } = factors;
  if (values.length !== size) throw new RangeError(`Expected 32 or 64 numbers but received ${values.length}`);
  values[0]! *= 2;
  values[size - 1]! *= 2;
  for (let at = 1; at < size - 1; at += 2) {
    const later = values[at + 1]!;
    values[at + 1] = later - values[at]!;
    values[at] = values[at]! + later;
  }
  if (size === 32) radix2(values, scratch, factors);
  else radix4(values, scratch, 16, 1, factors);
  radix4(scratch, values, 4, size / 16, factors);
  radix4(values, scratch, 1, size / 4, factors);
  const half = size / 2;
  values[0] = scratch[0]!;
  for (let at = 1, mirror = size - 1; at < half; at++, mirror--) {
    const sum = quarter[at - 1]! * scratch[mirror]! + quarter[mirror - 1]! * scratch[at]!;
    const difference = quarter[at - 1]! * scratch[at]! - quarter[mirror - 1]! * scratch[mirror]!;
    values[at] = 0.5 * (sum + difference);
    values[mirror] = 0.5 * (sum - difference);
  }
  values[half] = scratch[half]! * quarter[half - 1]!;
}

/** One half-complex sequence into two of half its length. Real and imaginary parts of a term lie side by side, at − 1 and at. */
function radix2(from: Float64Array, to: Float64Array, { size, cos: cosines, sin: sines }: Factors): void {
  const half = size / 2;
  to[0] = from[0]! + from[size - 1]!;
  to[half] = from[0]! - from[size - 1]!;
  for (let at = 2; at < half; at += 2) {
    const mirror = size - at;
    const real = from[at - 1]! - from[mirror - 1]!;
    const imaginary = from[at]! + from[mirror]!;
    const cos = cosines[at / 2]!;
    const sin = sines[at / 2]!;
    to[at - 1] = from[at - 1]! + from[mirror - 1]!;
    to[at] = from[at]! - from[mirror]!;
    to[half + at] = cos * imaginary + sin * real;
    to[half + at - 1] = cos * real - sin * imaginary;
  }
  to[half - 1] = 2 * from[half - 1]!;
  to[size - 1] = -2 * from[half]!;
}

/** `count` half-complex sequences of 4 × `length` into four times as many of `length`. */
function radix4(from: Float64Array, to: Float64Array, length: number, count: number, factors: Factors): void {
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
      rotate(factors, to, into + quarter, step, realDifference - oddImaginarySum, imaginarySum + oddRealDifference);
      rotate(
        factors,
        to,
        into + 2 * quarter,
        2 * step,
        realSum - oddRealSum,
        imaginaryDifference - oddImaginaryDifference,
      );
      rotate(
        factors,
        to,
        into + 3 * quarter,
        3 * step,
        realDifference + oddImaginarySum,
        imaginarySum - oddRealDifference,
      );
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

/** Stores (real + i imaginary) turned by 2π step / n at `at − 1`, `at`. */
function rotate(
  { cos: cosines, sin: sines }: Factors,
  to: Float64Array,
  at: number,
  step: number,
  real: number,
  imaginary: number,
): void {
  const cos = cosines[step]!;
  const sin = sines[step]!;
  to[at] = cos * imaginary + sin * real;
  to[at - 1] = cos * real - sin * imaginary;
}
