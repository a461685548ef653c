import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';

/**
 * Makes an application outside the tree, which has the packed package installed.
 *
 * @param source a folder of `test/package/apps` to copy. Default: none, an empty application.
 * @returns its folder, which is removed at the end of the run.
 */
export async function createApplication(source?: string): Promise<string> {
  const folder = await mkdtemp(join(inject('applications'), 'app-'));
  if (source) await cp(join('test/package/apps', source), folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  return folder;
}

/** Makes an application as above, and puts the chat of the manual in it: `Chat.tsx`. */
export async function createChat(source: string): Promise<string> {
  const folder = await createApplication(source);
  await cp('stories/recipes/chat.example.tsx', join(folder, 'Chat.tsx'));
  return folder;
}

/**
 * Makes an application of one of the `examples`, with its own `package.json`.
 *
 * @returns its folder, which is removed at the end of the run.
 */
export async function createExample(name: string): Promise<string> {
  const folder = await mkdtemp(join(inject('applications'), `${name}-`));
  await cp(join('examples', name), folder, {
    recursive: true,
    filter: (path) => !/node_modules|\.next|dist$/.test(path),
  });
  return folder;
}
