// Jest gives each test file a realm of its own; native modules (onnxruntime-node, sharp) accept only the host's typed arrays.
import { TestEnvironment } from 'jest-environment-node';

const HOST_TYPES = {
  ArrayBuffer,
  SharedArrayBuffer,
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
  Error,
  TypeError,
  RangeError,
};

export default class HostTypesEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.assign(this.global, HOST_TYPES);
    // Jest's own `require` takes no ES modules on Node 20, the host's does: the model that tells languages is one
    Object.defineProperty(this.global.process, 'getBuiltinModule', {
      get: () => (id) => process.getBuiltinModule(id),
      set() {},
    });
  }
}
