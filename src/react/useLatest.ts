import { useInsertionEffect, useRef } from 'react';

/** Keeps the value of the last commit at hand for whatever runs later. */
export function useLatest<Value>(value: Value): { readonly current: Value } {
  const latest = useRef(value);
  useInsertionEffect(() => {
    latest.current = value;
  });
  return latest;
}
