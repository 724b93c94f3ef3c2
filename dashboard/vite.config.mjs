import { defineConfig } from 'vite';

// Relative addresses alone: the page may be behind any path of a reverse proxy. Nothing is put into the page itself: its
// Content-Security-Policy allows no inline script and no inline style.
export default defineConfig({
  base: './',
  clearScreen: false,
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    emptyOutDir: true,
  },
});
