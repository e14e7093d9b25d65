// hnswlib-node as the project asks it. Usage: hnsw-node.ts <folder of codes> <dimensions> <M> <efConstruction> <candidates, …> <package>
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Hnsw } from '../../dist/index/hnsw.js';
import { type HnswlibGraph, numbersOf } from '../../dist/index/hnswlib.js';
import { measuredGraph } from '../graph-contest.ts';

const [folder = '', dimensions, m, efConstruction, efs = '', from = ''] = process.argv.slice(2);
const { HierarchicalNSW } = createRequire(join(from, 'package.json'))('hnswlib-node') as {
  readonly HierarchicalNSW: new (space: 'ip', dimensions: number) => HnswlibGraph;
};

console.log(
  JSON.stringify(
    measuredGraph(folder, Number(dimensions), efs, (codes, width) => {
      const graph = new HierarchicalNSW('ip', width);
      const rows = codes.length / width;
      graph.initIndex(rows, Number(m), Number(efConstruction), 100);
      for (let row = 0; row < rows; row++) {
        graph.addPoint(numbersOf(codes, row * width, width), row);
      }
      const hnsw = new Hnsw(graph, 64);
      return (query, k, ef) => hnsw.search(query, k, { ef }).map(({ row }) => row);
    }),
  ),
);
