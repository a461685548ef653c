import { useState } from 'react';

/**
 * Like `useMemo`, but React never drops the value: Fast Refresh keeps state and runs memos anew, and
 * what a store has received must not be lost by an edit.
 */
export function useKept<Value>(create: () => Value, inputs: readonly unknown[]): Value {
  const [kept, keep] = useState(() => ({ inputs, value: create() }));
  if (inputs.every((input, index) => Object.is(input, kept.inputs[index]))) return kept.value;
  const next = { inputs, value: create() };
  keep(next);
  return next.value;
}
