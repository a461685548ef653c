import { useState } from 'react';

/**
 * The first of all values in a row that have the same JSON, so that an object written inline is no
 * new one at every render.
 */
export function useStableValue<Value>(value: Value): Value {
  const [stable, setStable] = useState(value);
  if (isSame(stable, value)) return stable;
  setStable(value);
  return value;
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  try {
    return JSON.stringify(a) === JSON.stringify(b);
  } catch {
    // Nothing that could be used: it is reported once, not at every render.
    return true;
  }
}
