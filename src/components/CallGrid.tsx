'use client';

import {
  Children,
  forwardRef,
  isValidElement,
  useImperativeHandle,
  useRef,
  useState,
  type ComponentPropsWithoutRef,
  type CSSProperties,
  type ReactElement,
  type ReactNode,
} from 'react';
import { className } from './className.js';
import { GridCellContext } from './GridCellContext.js';
import { gridLayout, type Place } from './gridLayout.js';
import { withLabels, type CallLabels } from './labels.js';
import { useSize } from './useSize.js';

/** Props of {@link CallGrid}, beside the attributes of a `<ul>`. */
export interface CallGridProps extends ComponentPropsWithoutRef<'ul'> {
  /** Tiles, each with a `key`. One with `source="screen"` pins itself when it comes. */
  children?: ReactNode;
  /**
   * The `key` of the tile that is large; `null`: none. Default: the user's own choice, else the
   * screen that was shared last.
   */
  pinned?: string | null | undefined;
  /**
   * Called with the `key` of the tile that the user pins, or `null`. Where `pinned` is given
   * without it, tiles have no pin button.
   */
  onPin?: ((key: string | null) => void) | undefined;
  /** Texts to replace. Default: English. */
  labels?: Partial<CallLabels> | undefined;
}

type Tile = ReactElement<{ source?: string }>;

const GAP = 8;

/** A list of tiles that fits its box in width and height, without scrolling. */
export const CallGrid = forwardRef<HTMLUListElement, CallGridProps>(function CallGrid(
  { children, pinned, onPin, labels, className: added, ...attributes },
  ref,
) {
  const list = useRef<HTMLUListElement>(null);
  useImperativeHandle(ref, () => list.current!);
  const size = useSize(list);

  const tiles = tilesIn(children);
  const keys = tiles.map((tile, index) => tile.key ?? String(index));
  const screen = keys.findLast((_, index) => tiles[index]?.props.source === 'screen');
  const [choice, choose] = useChoice(keys, screen);
  const large = pinned === undefined ? choice : pinned;
  const mayPin = pinned === undefined || onPin !== undefined;
  const pin = (key: string | null) => {
    choose(key);
    onPin?.(key);
  };

  const places = size && gridLayout(size, tiles.length, keys.indexOf(large ?? ''), GAP);
  return (
    <ul
      role="list"
      aria-label={withLabels(labels).people}
      {...attributes}
      ref={list}
      className={className('rs-grid', added)}
    >
      {tiles.map((tile, index) => {
        const key = keys[index]!;
        return (
          <Cell
            key={key}
            place={places?.[index]}
            pinned={key === large}
            onPin={mayPin ? (on) => pin(on ? key : null) : undefined}
          >
            {tile}
          </Cell>
        );
      })}
    </ul>
  );
});

interface CellProps {
  place: Place | undefined;
  pinned: boolean;
  onPin: ((on: boolean) => void) | undefined;
  children: ReactNode;
}

function Cell({ place, pinned, onPin, children }: CellProps) {
  const style: CSSProperties | undefined = place && {
    position: 'absolute',
    insetInlineStart: place.start,
    insetBlockStart: place.top,
    inlineSize: place.width,
    blockSize: place.height,
  };
  return (
    <li style={style} data-pinned={pinned}>
      <GridCellContext.Provider value={{ pinned, onPin }}>{children}</GridCellContext.Provider>
    </li>
  );
}

/** `Children.toArray` would change the keys. */
function tilesIn(children: ReactNode): Tile[] {
  const tiles: Tile[] = [];
  Children.forEach(children, (child) => {
    if (isValidElement<Tile['props']>(child)) tiles.push(child);
  });
  return tiles;
}

/** What the user pinned, until it goes or another screen comes: then the screen. */
function useChoice(keys: readonly string[], screen: string | undefined) {
  const [choice, setChoice] = useState<{ key: string | null; beside: string | undefined }>();
  const isThere = choice && (choice.key === null || keys.includes(choice.key));
  const key = isThere && choice.beside === screen ? choice.key : (screen ?? null);
  return [key, (key: string | null) => setChoice({ key, beside: screen })] as const;
}
