import { existsSync } from 'node:fs';
import { chmod, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
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

/**
 * What a bundler leaves undone: the stylesheet goes along as it is, with a type for its import, and
 * the command can be run.
 */
function packaging(): Plugin {
  return {
    name: 'react-signaling:packaging',
    apply: 'build',
    async generateBundle() {
      const source = await readFile('src/components/components.css', 'utf8');
      this.emitFile({ type: 'asset', fileName: 'components.css', source });
      // From TypeScript 6 on, what is imported needs a declaration.
      this.emitFile({ type: 'asset', fileName: 'components.css.d.ts', source: 'export {};\n' });
    },
    async writeBundle() {
      await chmod('dist/hub/cli.js', 0o755);
    },
  };
}

/** Lets tests that import from src/ run on what is packed: a bundler may change what code does. */
function packed(): Plugin {
  return {
    name: 'react-signaling:packed',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
      const [, path] = /\/src\/(.+)\.ts$/.exec(resolved?.id ?? '') ?? [];
      const built = join(import.meta.dirname, 'dist', `${path}.js`);
      // Modules that only pass on what others have are not built.
      return path && existsSync(built) ? built : resolved;
    },
  };
}

/** What the hub's clients and publishers see of it; not what is slow, or looks inside. */
const HUB_SUITE =
  'test/hub/{authorization,cors,history,presence,publish,selectors,strictness,subscribe}.test.ts';

/** The package's own names lead to its sources: the examples of the manual are written as people write. */
const self = Object.entries(manifest.exports).flatMap(([subpath, output]) => {
  const file = typeof output === 'string' ? output.replace(/js$/, 'ts') : output.default;
  const path = file.endsWith('.css')
    ? file.replace('dist', 'src/components')
    : file.replace('dist', 'src');
  const name = subpath.replace('.', manifest.name).replaceAll('.', String.raw`\.`);
  return { find: new RegExp(`^${name}$`), replacement: join(import.meta.dirname, path) };
});

const external = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });

/**
 * The stories as tests. What is readable on white need not be so on black: those of components run
 * in both, those that a page of the manual shows are looked at in dark with their page.
 */
const stories = (theme: 'light' | 'dark', tags: { include?: string[] } = {}) => ({
  extends: true as const,
  plugins: [storybookTest({ configDir: '.storybook', initialGlobals: { theme }, tags })],
  test: { name: `stories ${theme}`, sequence: { groupOrder: 2 }, browser: chromium() },
});

const hubs = {
  extends: true as const,
  test: { name: 'hubs', environment: 'node', include: ['test/hubs/**/*.test.ts'] },
};

export default defineConfig({
  // Storybook reads this file too: its server, every test page and a preview have the hub inside.
  plugins: [react(), signaling({ subscriptions: true })],
  resolve: { alias: self },
  build: {
    lib: {
      entry: {
        index: 'src/index.ts',
        'driver/index': 'src/driver/index.ts',
        'call/index': 'src/call/index.ts',
        'components/index': 'src/components/index.ts',
        'query/index': 'src/query/index.ts',
        'hub/index': 'src/hub/index.ts',
        'hub/vite': 'src/hub/vite.ts',
        'hub/cli': 'src/hub/cli.ts',
        'testing/index': 'src/testing/index.ts',
        'devtools/index': 'src/devtools/index.ts',
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
    // Many tests wait for a hub or a peer, so two run at once on two cores. Browsers have the cores
    // to themselves.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'jsdom',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [
            'test/**/*.browser.test.*',
            'test/**/*.slow.test.ts',
            'test/hubs/**',
            'test/manual/**',
            'test/package/**',
          ],
          setupFiles: ['test/setup.ts'],
        },
      },
      // Outages in real time, in tabs, calls and hubs.
      {
        extends: true,
        test: {
          name: 'slow',
          environment: 'jsdom',
          include: ['test/**/*.slow.test.ts'],
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
          // Node would give it the React that is installed under that name.
          server: { deps: { inline: [/@tanstack\/react-query/] } },
        },
      },
      {
        extends: true,
        plugins: [packed()],
        test: {
          name: 'package',
          sequence: { groupOrder: 1 },
          environment: 'node',
          include: ['test/package/**/*.test.ts', HUB_SUITE],
          globalSetup: 'test/package/setup.ts',
          // Real builds, on two cores too.
          hookTimeout: 300_000,
          testTimeout: 180_000,
        },
      },
      // The built Storybook, every page of it.
      {
        extends: true,
        test: {
          name: 'manual',
          sequence: { groupOrder: 3 },
          environment: 'node',
          include: ['test/manual/**/*.test.ts'],
          globalSetup: 'test/manual/setup.ts',
          hookTimeout: 60_000,
        },
      },
      // Real hubs, where `npm run test:mercure` has made one.
      ...(process.env.MERCURE_BIN_0 ? [hubs] : []),
      {
        extends: true,
        test: {
          name: 'browser',
          sequence: { groupOrder: 2 },
          include: ['test/**/*.browser.test.{ts,tsx}'],
          browser: chromium(),
        },
      },
      stories('light'),
      stories('dark', { include: ['both-themes'] }),
    ],
  },
});
