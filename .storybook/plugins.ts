import { rolldown } from 'rolldown';
import type { Plugin } from 'vite';
import { readApi } from '../scripts/api.mjs';

const ID = 'virtual:api';

/** Gives what the package exports, with its TSDoc, as the module `virtual:api`. */
export function api(): Plugin {
  return {
    name: 'react-signaling:api',
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load: (id) => (id === `\0${ID}` ? `export default ${JSON.stringify(readApi())}` : undefined),
  };
}

/** Adds the service worker that is the hub of a built Storybook, beside its pages. */
export function pageHub(): Plugin {
  return {
    name: 'react-signaling:page-hub',
    apply: 'build',
    async generateBundle() {
      const bundle = await rolldown({
        input: new URL('./hubWorker.ts', import.meta.url).pathname,
        platform: 'browser',
      });
      // One file: a service worker that imports modules is not yet had everywhere.
      const { output } = await bundle.generate({
        format: 'iife',
        minify: true,
        codeSplitting: false,
      });
      this.emitFile({ type: 'asset', fileName: 'hub-worker.js', source: output[0].code });
    },
  };
}
