/* SPDX-License-Identifier: Apache-2.0 */
import { defineConfig } from 'vite';
import { filesPlugin } from './tools/files.ts';
import { wordsPlugin } from './tools/words.ts';

const api = process.env.YUMEN_URL ?? 'http://127.0.0.1:9611';

export default defineConfig({
  plugins: [wordsPlugin(), filesPlugin()],
  build: {
    target: ['chrome100', 'firefox100', 'safari15.4'],
    /* A content security policy of 'self' allows neither data: images nor inline modules. */
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    rollupOptions: {
      input: { index: 'index.html', notice: 'notice.html', measure: 'measure.html' },
    },
  },
  worker: { format: 'es' },
  server: { proxy: { '/v1': api } },
  /* Unit tests run in Node: they need no page. None of them is about how soon. */
  test: { include: ['tests/unit/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
} as Parameters<typeof defineConfig>[0]);
