import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright';
import { inject } from 'vitest';
import { run } from './run.js';

const MODULES = ['react', 'react/jsx-runtime', 'react-dom/client'];

/**
 * Answers the requests of a page to CDNs, so that none leaves this machine: jsDelivr has the files of
 * the package as they are packed, and esm.sh has React as modules.
 */
export async function routeToPackages(context: BrowserContext): Promise<void> {
  const installed = inject('applications');
  const react = await bundleReact(installed);
  const script = {
    contentType: 'text/javascript',
    headers: { 'Access-Control-Allow-Origin': '*' },
  };
  await context.route('https://**', (route) => route.abort());
  await context.route('https://cdn.jsdelivr.net/**', async (route) => {
    const [, path] = /react-signaling@[^/]+\/(.+)$/.exec(route.request().url())!;
    const body = await readFile(join(installed, 'node_modules/react-signaling', path!), 'utf8');
    await route.fulfill({ ...script, body });
  });
  await context.route('https://esm.sh/**', async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1).replace(/@[^/]+/, '');
    await route.fulfill({ ...script, body: name === 'all.js' ? react.all : react.modules[name]! });
  });
}

/** What esm.sh makes of React: modules with named exports, which share one React. */
async function bundleReact(installed: string) {
  const list = `
    const names = ${JSON.stringify(MODULES)};
    const modules = await Promise.all(names.map((name) => import(name)));
    console.log(JSON.stringify(modules.map((module) => Object.keys(module))));
  `;
  const env = [
    'env',
    'NODE_ENV=production',
    'node',
    '--input-type=module',
    '--eval',
    list,
  ] as const;
  const exported = JSON.parse(await run(installed, ...env)) as string[][];
  const imports = MODULES.map((name, index) => `export * as m${index} from '${name}';`).join('');
  const esbuild = 'esbuild --bundle --format=esm --define:process.env.NODE_ENV=\'"production"\'';
  const all = await run(installed, 'sh', '-c', `echo "${imports}" | ${esbuild}`);
  const modules = MODULES.map((name, index) => {
    const names = exported[index]!.filter((each) => /^\w+$/.test(each) && each !== 'default');
    const code = `import { m${index} as all } from '/all.js'; export const { ${names.join(', ')} } = all;`;
    return [name, code];
  });
  return { all, modules: Object.fromEntries(modules) as Record<string, string> };
}
