import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const ENTRIES = Object.entries(manifest.exports)
  .filter(([, file]) => typeof file === 'string' && file.endsWith('.js'))
  .map(([entry]) => `${manifest.name}${entry.slice(1)}`);

// Imports one entry in a Node of its own and prints what is different afterwards.
const PROBE = `
  const [entry] = process.argv.slice(1);

  // React's doings are its own, and Node puts some globals in place when they are first read.
  await import('react');
  for (const key of Object.getOwnPropertyNames(globalThis)) globalThis[key];

  const before = look();
  await import(entry);
  const after = look();
  console.log(JSON.stringify(after.filter((line) => !before.includes(line))));

  function look() {
    const owners = { globalThis, Array, Object, Promise, Uint8Array, EventTarget, URL };
    return [
      ...Object.entries(owners).flatMap(([name, owner]) => [
        ...properties(name, owner),
        ...properties(name + '.prototype', owner.prototype ?? {}),
      ]),
      ...process.eventNames().map((event) => 'process.on ' + String(event)),
      ...process.getActiveResourcesInfo().filter((kind) => /Timeout|Socket|Server|Immediate/.test(kind)),
    ];
  }

  function properties(name, owner) {
    return Reflect.ownKeys(owner).map((key) => {
      const { value, get } = Object.getOwnPropertyDescriptor(owner, key);
      return name + '.' + String(key) + ' ' + identity(value ?? get);
    });
  }

  function identity(thing) {
    if (Object(thing) !== thing) return String(thing);
    identity.known ??= new Map();
    if (!identity.known.has(thing)) identity.known.set(thing, identity.known.size);
    return 'object ' + identity.known.get(thing);
  }
`;

it.each(ENTRIES)('importing %s changes no global and starts nothing', async (entry) => {
  const probe = ['--input-type=module', '--eval', PROBE, entry];
  const { stdout } = await promisify(execFile)(process.execPath, probe);
  expect(JSON.parse(stdout)).toEqual([]);
});
