// Our own tensor: a typed array and its shape. Nothing above src/runtime sees a type of onnxruntime-node.

/** Element types that models of Sandglass use, named as ONNX Runtime names them. */
export type ElementType =
  | 'float32'
  | 'float64'
  | 'float16'
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'bool';

/** Typed arrays that can be the data of a tensor. A `bool` tensor is a Uint8Array of 0 and 1, a `float16` one a Uint16Array of their bits. */
export type NumericData =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array;

/** Numbers in row-major order. `data.length` is the product of `shape`; a scalar has the shape []. */
export interface NumericTensor {
  readonly data: NumericData;
  readonly shape: readonly number[];
}

/** The element type a typed array stands for. */
export function elementTypeOf(data: NumericData): Exclude<ElementType, 'bool' | 'float16'> {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Float64Array) return 'float64';
  if (data instanceof Uint8Array) return 'uint8';
  if (data instanceof Int8Array) return 'int8';
  if (data instanceof Uint16Array) return 'uint16';
  if (data instanceof Int16Array) return 'int16';
  if (data instanceof Int32Array) return 'int32';
  if (data instanceof Uint32Array) return 'uint32';
  if (data instanceof BigInt64Array) return 'int64';
  throw new TypeError(
    `Expected a typed array for tensor data but received ${Object.prototype.toString.call(data)}; ` +
      'use Float32Array, Uint8Array, BigInt64Array or another numeric typed array',
  );
}

/** The same numbers in memory that is not shared between threads, copied only when it is: ONNX Runtime takes no other. */
export function unshared<Data extends NumericData>(data: Data): Data {
  return data.buffer instanceof ArrayBuffer ? data : (data.slice() as Data);
}
