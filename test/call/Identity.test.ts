import { webcrypto } from 'node:crypto';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Identity, verify } from '../../src/call/Identity.js';
import { isId } from '../../src/call/messages.js';
import { Seal } from '../../src/call/Seal.js';

beforeEach(() => {
  vi.stubGlobal('crypto', webcrypto);
});

describe('a signed text', () => {
  test('proves the id of who signed it', async () => {
    const ada = await Identity.create();
    expect(isId(ada.id)).toBe(true);
    expect(await verify(await ada.sign('hello', 'room'), 'room')).toBe(ada.id);
  });

  test('proves nothing where anything of it is another one', async () => {
    const [ada, bob] = [await Identity.create(), await Identity.create()];
    const signed = await ada.sign('hello', 'room');
    const { key } = await bob.sign('hello', 'room');
    expect(await verify(signed, 'another room')).toBeUndefined();
    expect(await verify({ ...signed, text: 'bye' }, 'room')).toBeUndefined();
    expect(await verify({ ...signed, key }, 'room')).toBeUndefined();
    expect(await verify({ ...signed, signature: 'AAAA' }, 'room')).toBeUndefined();
    expect(await verify({ ...signed, key: 'no base64!' }, 'room')).toBeUndefined();
  });
});

describe('a seal', () => {
  test('is opened by whoever has the same secret and room', async () => {
    const [one, other] = [await Seal.create('secret', 'room'), await Seal.create('secret', 'room')];
    expect(other.tag).toBe(one.tag);
    expect(isId(one.tag)).toBe(true);
    const sealed = await one.close('hello', 'context');
    expect(await other.open(sealed, 'context')).toBe('hello');
    expect(await one.close('hello', 'context')).not.toBe(sealed);
  });

  test('stays closed with another secret, room or context', async () => {
    const seal = await Seal.create('secret', 'room');
    const sealed = await seal.close('hello', 'context');
    for (const other of [await Seal.create('other', 'room'), await Seal.create('secret', 'hall')]) {
      expect(other.tag).not.toBe(seal.tag);
      await expect(other.open(sealed, 'context')).rejects.toThrow();
    }
    await expect(seal.open(sealed, 'another context')).rejects.toThrow();
  });
});
