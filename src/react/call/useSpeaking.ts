'use client';

import { useEffect, useState } from 'react';
import { watchSpeaking } from '../../call/index.js';
import { useLatest } from '../useLatest.js';
import type { CallView } from './CallView.js';

const NOBODY: ReadonlySet<string> = new Set();

/**
 * The ids of those who speak now, one's own `call.id` among them. Looks five times a second while it
 * is mounted, and renders at a change only.
 *
 * @param call What `useCall` returns.
 *
 * @example
 * ```tsx
 * const speaking = useSpeaking(call);
 * <VideoTile peer={peer} speaking={speaking.has(peer.id)} />
 * ```
 */
export function useSpeaking(call: CallView): ReadonlySet<string> {
  const [speaking, setSpeaking] = useState(NOBODY);
  const latest = useLatest(call);
  useEffect(() => watchSpeaking(() => latest.current, setSpeaking), [latest]);
  return speaking;
}
