import { chmod, readFile } from 'node:fs/promises';
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin';
import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import manifest from './package.json' with { type: 'json' };
import { launchOptions } from './scripts/chromium.mjs';
import { signaling } from './src/hub/vite.js';

const chromium = () => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({ launchOptions: launchOptions() }),
  instances: [{ browser: 'chromium' as const }],
});

/** What a bundler leaves undone: the stylesheet goes along as it is, the command can be run. */
function packaging(): Plugin {
  return {
    name: 'react-signaling:packaging',
    apply: 'build',
    async generateBundle() {
      const source = await readFile('src/components/components.css', 'utf8');
      this.emitFile({ type: 'asset', fileName: 'components.css', source });
    },
    async writeBundle() {
      await chmod('dist/hub/cli.js', 0o755);
    },
  };
}

const external = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });

/** The stories as tests. What is readable on white need not be so on black. */
const stories = (theme: 'light' | 'dark') => ({
  extends: true as const,
  plugins: [storybookTest({ configDir: '.storybook', initialGlobals: { theme } })],
  test: { name: `stories ${theme}`, browser: chromium() },
});

const mercure = {
  extends: true as const,
  test: { name: 'mercure', environment: 'node', include: ['test/mercure/**/*.test.ts'] },
};

export default defineConfig({
  // Storybook reads this file too: its server, every test page and a preview have the hub inside.
  plugins: [react(), signaling()],
  build: {
    lib: {
      entry: {
        index: 'src/index.ts',
        'driver/index': 'src/driver/index.ts',
        'call/index': 'src/call/index.ts',
        'components/index': 'src/components/index.ts',
        'hub/index': 'src/hub/index.ts',
        'hub/vite': 'src/hub/vite.ts',
        'hub/cli': 'src/hub/cli.ts',
        'testing/index': 'src/testing/index.ts',
      },
      formats: ['es'],
    },
    target: 'es2022',
    minify: false,
    sourcemap: true,
    reportCompressedSize: false,
    rolldownOptions: {
      plugins: [packaging()],
      external: [/^node:/, ...external.map((name) => new RegExp(`^${name}(/|$)`))],
      // One file per module: a shared chunk would lose its 'use client'.
      output: { preserveModules: true, preserveModulesRoot: 'src', entryFileNames: '[name].js' },
    },
  },
  test: {
    // Everything runs at once, on two cores too: what waits, waits for a condition.
    testTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'jsdom',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/**/*.browser.test.*', 'test/mercure/**', 'test/package/**'],
          setupFiles: ['test/setup.ts'],
        },
      },
      {
        extends: true,
        resolve: { alias: { react: 'react-18', 'react-dom': 'react-dom-18' } },
        test: {
          name: 'react 18',
          environment: 'jsdom',
          include: ['test/**/*.test.tsx'],
          exclude: ['test/**/*.browser.test.*'],
          setupFiles: ['test/setup.react18.ts', 'test/setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'package',
          environment: 'node',
          include: ['test/package/**/*.test.ts'],
          globalSetup: 'test/package/setup.ts',
          hookTimeout: 300_000,
          testTimeout: 60_000,
        },
      },
      // Real hubs, where `npm run test:mercure` has made one.
      ...(process.env.MERCURE_BIN_0 ? [mercure] : []),
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/**/*.browser.test.{ts,tsx}'],
          browser: chromium(),
        },
      },
      stories('light'),
      stories('dark'),
    ],
  },
});
