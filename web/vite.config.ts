// The page is built into dist/web: few files, all local, none of them inline, so that the server's content security policy
// needs no exception.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    license: { fileName: 'licenses.md' },
    modulePreload: { polyfill: false },
  },
  // `npx vite web` beside `sandglass serve` for work on the page.
  server: { proxy: { '/api': 'http://127.0.0.1:7411', '/health': 'http://127.0.0.1:7411' } },
});
