import { useState } from 'react';

/**
 * The first of all values in a row that have the same JSON, so that an object written inline is no
 * new one at every render.
 */
export function useStableValue<Value>(value: Value): Value {
  const [stable, setStable] = useState(value);
  if (JSON.stringify(stable) !== JSON.stringify(value)) setStable(value);
  return stable;
}
