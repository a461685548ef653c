import { useState } from 'react';
import type { Peer } from '../call/index.js';
import { hasHandUp } from './hand.js';
import type { CallLabels } from './labels.js';

/** The last change among the peers, for those who do not see it. */
export interface News {
  /** Counts the changes: a live region reads the same sentence again only in a new element. */
  readonly number: number;
  readonly sentence: string;
}

export function useNews(peers: readonly Peer[], text: CallLabels): News {
  const [last, setLast] = useState({ peers, number: 0, sentence: '' });
  if (last.peers !== peers) {
    const sentence = newsBetween(last.peers, peers, text).join(' ');
    setLast(sentence ? { peers, number: last.number + 1, sentence } : { ...last, peers });
  }
  return last;
}

/** Who left, came, shares, or raised a hand, in sentences. */
export function newsBetween(
  before: readonly Peer[],
  after: readonly Peer[],
  text: CallLabels,
): string[] {
  const gone = before.filter(({ id }) => !after.some((peer) => peer.id === id));
  return [
    ...gone.map(({ name }) => text.gone(name.trim() || text.guest)),
    ...after.flatMap((peer) =>
      newsOf(
        peer,
        before.find(({ id }) => id === peer.id),
        text,
      ),
    ),
  ];
}

function newsOf(peer: Peer, earlier: Peer | undefined, text: CallLabels): string[] {
  const name = peer.name.trim() || text.guest;
  const news: string[] = [];
  if (!earlier) news.push(text.joined(name));
  if (peer.screen && !earlier?.screen) news.push(text.shares(name));
  if (!peer.screen && earlier?.screen) news.push(text.stoppedSharing(name));
  if (hasHandUp(peer.data) && !hasHandUp(earlier?.data)) news.push(text.raisedHand(name));
  return news;
}
