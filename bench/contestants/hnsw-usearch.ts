// usearch, whose candidates are set once. Usage: hnsw-usearch.ts <folder of codes> <dimensions> <M> <efConstruction> <candidates, …> <package>
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { measuredGraph } from '../graph-contest.ts';

/** What is used of it: it is not a dependency, so that its own types may be absent. */
interface UsearchIndex {
  add(keys: BigUint64Array, vectors: Float32Array, threads: number): void;
  search(query: Float32Array, k: number, threads: number): { readonly keys: BigUint64Array };
  save(file: string): void;
  load(file: string): void;
}

interface Usearch {
  readonly Index: new (options: Readonly<Record<string, unknown>>) => UsearchIndex;
}

const [folder = '', dimensions, m, efConstruction, efs = '', from = ''] = process.argv.slice(2);
const { Index } = createRequire(join(from, 'package.json'))('usearch') as Usearch;
const settings = { metric: 'ip', quantization: 'f32', connectivity: Number(m), expansion_add: Number(efConstruction) };

console.log(
  JSON.stringify(
    measuredGraph(folder, Number(dimensions), efs, (codes, width) => {
      const file = join(folder, 'usearch');
      const built = new Index({ ...settings, dimensions: width, expansion_search: 64 });
      built.add(
        BigUint64Array.from({ length: codes.length / width }, (_, row) => BigInt(row)),
        codes,
        1,
      );
      built.save(file);
      let [asked, expansion] = [built, 64];
      return (query, k, ef) => {
        if (ef !== expansion) {
          expansion = ef;
          asked = new Index({ ...settings, dimensions: width, expansion_search: ef });
          asked.load(file);
        }
        return Array.from(asked.search(query, k, 1).keys, Number);
      };
    }),
  ),
);
