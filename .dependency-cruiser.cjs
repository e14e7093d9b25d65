// The arrows of ARCHITECTURE.md, enforced.
const only = (name, room, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: {
    path: '^src/',
    pathNot: `^src/(${[room, ...allowed].join('|')})/|^src/(errors|events|atomic-file|output-error|thread-job)\\.ts$`,
  },
});
const soleImporter = (pkg, file) => ({
  name: `sole-importer-of-${pkg}`,
  severity: 'error',
  comment: `${file} is the only importer of ${pkg}`,
  from: { path: '^src/', pathNot: `^${file.replaceAll('.', '\\.')}$` },
  to: { path: `node_modules/${pkg}/` },
});
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    only('files', 'files', [], 'finding files knows no other room'),
    only('text', 'text', [], 'text and image do not know one another'),
    only('image', 'image', [], 'text and image do not know one another'),
    only('features', 'features', ['files', 'text', 'image'], 'one file in, its features out'),
    only('runtime', 'runtime', [], 'running ONNX knows no other room'),
    only('training', 'training', ['runtime'], 'training knows numbers, not files'),
    only('data-sets', 'data-sets', ['files', 'text', 'image', 'features'], 'files of a folder as rows of numbers'),
    only(
      'lab',
      'lab',
      ['data-sets', 'training', 'runtime', 'image', 'compare'],
      'trains recipes on data sets, measures and pictures them',
    ),
    only('encoders', 'encoders', ['runtime', 'features', 'text', 'image'], 'encoders do not know the index'),
    only('index', 'index', [], 'the index does not know encoders'),
    only('methods', 'methods', ['index', 'encoders', 'features', 'text', 'image'], 'methods join codes and encoders'),
    only('compare', 'compare', ['methods', 'features', 'text', 'image'], 'compare judges methods'),
    {
      name: 'cli-uses-the-library-only',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: { path: '^src/', pathNot: '^src/cli/|^src/sandglass\\.ts$' },
    },
    soleImporter('sharp', 'src/image/decode.ts'),
    soleImporter('onnxruntime-node', 'src/runtime/onnx-session.ts'),
    soleImporter('better-sqlite3', 'src/index/catalog.ts'),
    soleImporter('hnswlib-node', 'src/index/hnsw.ts'),
    {
      name: 'importers-of-yauzl',
      severity: 'error',
      comment: 'packages of libraries and documents that are archives',
      from: { path: '^src/', pathNot: '^src/(runtime/cuda-package|text/readers/zip)\\.ts$' },
      to: { path: 'node_modules/yauzl/' },
    },
    soleImporter('@mozilla/readability', 'src/text/readers/main-content.ts'),
    soleImporter('postal-mime', 'src/text/readers/mail.ts'),
    soleImporter('marked', 'src/text/readers/markdown.ts'),
    soleImporter('papaparse', 'src/text/readers/table.ts'),
    soleImporter('@huggingface/tokenizers', 'src/encoders/hugging-face-tokenizer.ts'),
    soleImporter('ml-matrix', 'src/training/eigenvectors.ts'),
    soleImporter('wasm-bhtsne', 'src/lab/t-sne-worker.ts'),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
};
