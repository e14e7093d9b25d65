// The model that a device is tried with: a convolution and a matrix product, so that cuDNN and cuBLAS are both opened.

/** ONNX: Conv(a, a, pads 1), then MatMul with a; a is [1, 1, 3, 3] of float32. */
export const TRIAL_MODEL: Uint8Array = Buffer.from(
  'CAgSCXNhbmRnbGFzczp4CiIKAWEKAWESAWIiBENvbnYqEQoEcGFkc0ABQAFAAUABoAEHChEKAWIKAWESAWMiBk1hdE11bBIFdHJpYWxaGwoBYRIWChQIARIQCgIIAQoCCAEKAggDCgIIA2IbCgFjEhYKFAgBEhAKAggBCgIIAQoCCAMKAggDQgQKABAR',
  'base64',
);
export const TRIAL_SHAPE: readonly number[] = [1, 1, 3, 3];
/** 1, 2, …, 9: the values of `a`. */
export const TRIAL_INPUT: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
