import type { PointerEvent } from 'react';
import { usePresence } from 'react-signaling';

const topic = 'https://example.com/board/presence';

interface Person {
  name: string;
  /** Where they point, as a part of the width and the height. */
  cursor: { x: number; y: number } | null;
}

export function Board({ name }: { name: string }) {
  const { others, update } = usePresence<Person>(topic, { name, cursor: null });
  const point = ({ currentTarget, clientX, clientY }: PointerEvent) => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    update({ cursor: { x: (clientX - left) / width, y: (clientY - top) / height } });
  };
  return (
    <div
      role="group"
      aria-label="Board"
      onPointerMove={point}
      onPointerLeave={() => update({ cursor: null })}
      style={{
        position: 'relative',
        inlineSize: '100%',
        blockSize: '14rem',
        overflow: 'hidden',
        border: '1px solid',
        borderRadius: '1rem',
        touchAction: 'none',
      }}
    >
      {others.map(
        ({ id, data: { name, cursor } }) =>
          cursor && (
            <span
              key={id}
              style={{
                position: 'absolute',
                left: `${cursor.x * 100}%`,
                top: `${cursor.y * 100}%`,
                // As long as the time between two signals.
                transition: 'left 100ms linear, top 100ms linear',
                padding: '0 0.5rem',
                borderRadius: '0 1rem 1rem',
                background: '#2450c8',
                color: '#fff',
                pointerEvents: 'none',
              }}
            >
              {name}
            </span>
          ),
      )}
    </div>
  );
}
