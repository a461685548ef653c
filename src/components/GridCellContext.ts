import { createContext } from 'react';

/** What a tile knows of its cell in a `CallGrid`. */
export interface GridCell {
  readonly pinned: boolean;
  /** Pins or unpins it. `undefined` where the user may not. */
  readonly onPin: ((on: boolean) => void) | undefined;
}

/** `undefined` outside of a grid. */
export const GridCellContext = createContext<GridCell | undefined>(undefined);
