import { describe, expect, test } from 'vitest';
import { gridLayout, type Place, type Size } from '../../src/components/gridLayout.js';

const GAP = 8;
const BOXES: Size[] = [
  { width: 264, height: 280 },
  { width: 374, height: 700 },
  { width: 828, height: 300 },
  { width: 1264, height: 700 },
  { width: 2544, height: 1340 },
];
const COUNTS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];

/** Columns and rows, as people would count them. */
function shapeOf(places: Place[]): string {
  const starts = (row: number) => places.filter(({ top }) => top === row).length;
  const rows = [...new Set(places.map(({ top }) => top))];
  return rows.map(starts).join(' ');
}

function overlap(a: Place, b: Place): boolean {
  return (
    a.start < b.start + b.width &&
    b.start < a.start + a.width &&
    a.top < b.top + b.height &&
    b.top < a.top + a.height
  );
}

function expectToFit(places: Place[], box: Size): void {
  for (const [index, place] of places.entries()) {
    expect(place.start).toBeGreaterThanOrEqual(0);
    expect(place.top).toBeGreaterThanOrEqual(0);
    expect(place.start + place.width).toBeLessThanOrEqual(box.width);
    expect(place.top + place.height).toBeLessThanOrEqual(box.height);
    for (const other of places.slice(index + 1)) expect(overlap(place, other)).toBe(false);
  }
}

describe('gridLayout', () => {
  test.each<[box: Size, count: number, rows: string]>([
    [{ width: 1264, height: 700 }, 1, '1'],
    [{ width: 1264, height: 700 }, 2, '2'],
    [{ width: 1264, height: 700 }, 3, '2 1'],
    [{ width: 1264, height: 700 }, 4, '2 2'],
    [{ width: 1264, height: 700 }, 5, '3 2'],
    [{ width: 1264, height: 700 }, 8, '4 4'],
    [{ width: 1264, height: 700 }, 12, '4 4 4'],
    [{ width: 374, height: 700 }, 2, '1 1'],
    [{ width: 374, height: 700 }, 4, '2 2'],
    [{ width: 374, height: 700 }, 8, '2 2 2 2'],
    [{ width: 828, height: 300 }, 4, '4'],
    [{ width: 828, height: 300 }, 8, '4 4'],
    [{ width: 828, height: 300 }, 12, '6 6'],
  ])('in %o, %i tiles stand in rows of %s', (box, count, rows) => {
    expect(shapeOf(gridLayout(box, count, -1, GAP))).toBe(rows);
  });

  test.each(BOXES)('any number of tiles fits %o, all of one size', (box) => {
    for (const count of COUNTS) {
      const places = gridLayout(box, count, -1, GAP);
      expect(places).toHaveLength(count);
      expectToFit(places, box);
      expect(new Set(places.map(({ width, height }) => `${width}×${height}`)).size).toBe(1);
      expect(places[0]!.height).toBeGreaterThan(48);
    }
  });

  test.each(BOXES)('a pinned tile takes more than half of %o, the others fit beside', (box) => {
    for (const count of COUNTS.slice(1)) {
      for (const pinned of [0, count - 1]) {
        const places = gridLayout(box, count, pinned, GAP);
        expect(places).toHaveLength(count);
        expectToFit(places, box);
        const { width, height } = places[pinned]!;
        expect(width * height).toBeGreaterThan(0.6 * box.width * box.height);
        expect(places[(pinned + 1) % count]!.height).toBeGreaterThanOrEqual(24);
      }
    }
  });

  test.each([
    [1264, 700, 'beside'],
    [828, 300, 'beside'],
    [930, 700, 'below'],
    [374, 700, 'below'],
  ])('in %i × %i the strip stands %s, where it leaves more room for a picture', (...row) => {
    const [width, height, where] = row;
    const [stage, other] = gridLayout({ width, height }, 5, 0, GAP);
    expect(other!.start >= stage!.width + GAP).toBe(where === 'beside');
    expect(other!.top >= stage!.height + GAP).toBe(where === 'below');
  });

  test('a short last row stands in the middle', () => {
    const places = gridLayout({ width: 1000, height: 600 }, 3, -1, GAP);
    const last = places[2]!;
    expect(last.start + last.width / 2).toBe(500);
  });

  test('one tile alone is no smaller for being pinned', () => {
    const box = { width: 800, height: 600 };
    expect(gridLayout(box, 1, 0, GAP)).toEqual(gridLayout(box, 1, -1, GAP));
  });

  test('a box without room gives tiles without size, and no NaN', () => {
    for (const { width, height } of gridLayout({ width: 0, height: 0 }, 5, 2, GAP)) {
      expect(width).toBeGreaterThanOrEqual(-GAP);
      expect(height).toBeGreaterThanOrEqual(-GAP);
    }
  });
});
