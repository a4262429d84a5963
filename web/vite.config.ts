/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// `vite dev` talks to a Tradewind that is already running; the browser sees one origin.
const server = process.env.TRADEWIND_SERVER ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    // The Python package serves this folder; git ignores it.
    outDir: '../src/tradewind/static',
    emptyOutDir: true,
    // Inlined assets would need `data:` in the content security policy.
    assetsInlineLimit: 0,
  },
  server: {
    port: 5173,
    strictPort: true,
    proxy: { '/api': server, '/ws': { target: server, ws: true } },
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/test/setup.ts'],
    // By default one core is kept free: on two cores that is half of them.
    maxWorkers: '100%',
    testTimeout: 30_000,
    restoreMocks: true,
    unstubGlobals: true,
  },
})
