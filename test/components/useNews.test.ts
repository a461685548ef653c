import { describe, expect, test } from 'vitest';
import type { Peer } from '../../src/call/index.js';
import { withLabels } from '../../src/components/labels.js';
import { newsBetween } from '../../src/components/useNews.js';
import { fakePeer, fakeStream } from './fakes.js';

const bo = fakePeer();
const cleo = fakePeer({ id: 'cleo', name: 'Cleo' });
const sharing = { ...bo, screen: fakeStream() };
const raising = { ...bo, data: { hand: true } };

describe('newsBetween', () => {
  test.each<[what: string, before: Peer[], after: Peer[], sentences: string[]]>([
    ['nobody', [], [], []],
    ['somebody comes', [], [bo], ['Bo joined.']],
    ['somebody without a name comes', [], [fakePeer({ name: ' ' })], ['Guest joined.']],
    ['somebody goes', [bo, cleo], [cleo], ['Bo left.']],
    ['one goes as another comes', [bo], [cleo], ['Bo left.', 'Cleo joined.']],
    ['one of two with the same name goes', [bo, { ...bo, id: '2' }], [bo], ['Bo left.']],
    ['a screen is shared', [bo], [sharing], ['Bo is sharing a screen.']],
    ['a screen was shared already', [], [sharing], ['Bo joined.', 'Bo is sharing a screen.']],
    ['a screen is no longer shared', [sharing], [bo], ['Bo stopped sharing.']],
    ['a hand is raised', [bo], [raising], ['Bo raised a hand.']],
    ['a hand is lowered', [raising], [bo], []],
    ['a name changes', [bo], [{ ...bo, name: 'Bob' }], []],
    ['the connection is lost', [bo], [{ ...bo, state: 'disconnected' }], []],
  ])('%s', (_, before, after, sentences) => {
    expect(newsBetween(before, after, withLabels(undefined))).toEqual(sentences);
  });
});
