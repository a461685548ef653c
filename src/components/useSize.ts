import { useEffect, useState, type RefObject } from 'react';
import type { Size } from './gridLayout.js';

/** The size inside an element's padding. `undefined` before it is known, and on a server. */
export function useSize(ref: RefObject<Element | null>): Size | undefined {
  const [size, setSize] = useState<Size>();
  useEffect(() => {
    // Not in jsdom.
    if (!ref.current || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      setSize({ width, height });
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}
