/** A size in CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A place in the grid, in CSS pixels from its top and from the start of its lines. */
export interface Place extends Size {
  readonly start: number;
  readonly top: number;
}

interface Shapes {
  readonly narrowest: number;
  readonly widest: number;
}

/** Width by height. Cameras of phones are upright, those of desks are not. */
const UPRIGHT: Shapes = { narrowest: 2 / 3, widest: 4 / 3 };
const LYING: Shapes = { narrowest: 1, widest: 16 / 9 };

/** Of most cameras and screens. */
const PICTURE = 16 / 9;

/**
 * Where tiles stand in a box: as large as they can be, all of one size, a short last row in the
 * middle. One that is pinned takes most of the box, and the others share a strip beside or below.
 *
 * @param pinned The index of the pinned tile; `-1` for none.
 * @returns one place for each tile, all inside the box.
 */
export function gridLayout(box: Size, count: number, pinned: number, gap: number): Place[] {
  if (pinned < 0 || count < 2) {
    const shapes = box.width < box.height ? UPRIGHT : LYING;
    return placesIn({ ...box, start: 0, top: 0 }, count, gap, shapes);
  }
  const { stage, strip } = split(box, count - 1, gap);
  const places = placesIn(strip, count - 1, gap, LYING);
  places.splice(pinned, 0, stage);
  return places;
}

interface Split {
  readonly stage: Place;
  readonly strip: Place;
}

/** The strip stands where it leaves more room for a picture. */
function split(box: Size, others: number, gap: number): Split {
  const share = others > 5 ? 0.3 : 0.22;
  const beside = splitBeside(box, share, gap);
  const below = splitBelow(box, share, gap);
  return pictureWidth(beside.stage) >= pictureWidth(below.stage) ? beside : below;
}

function splitBeside(box: Size, share: number, gap: number): Split {
  const width = Math.floor((box.width - gap) * share);
  const start = box.width - width;
  return {
    stage: { start: 0, top: 0, width: start - gap, height: box.height },
    strip: { start, top: 0, width, height: box.height },
  };
}

function splitBelow(box: Size, share: number, gap: number): Split {
  const height = Math.floor((box.height - gap) * share);
  const top = box.height - height;
  return {
    stage: { start: 0, top: 0, width: box.width, height: top - gap },
    strip: { start: 0, top, width: box.width, height },
  };
}

/** How wide a whole picture is in a place. */
function pictureWidth({ width, height }: Size): number {
  return Math.min(width, height * PICTURE);
}

function placesIn(area: Place, count: number, gap: number, shapes: Shapes): Place[] {
  const { columns, width, height } = bestGrid(area, count, gap, shapes);
  const rows = Math.ceil(count / columns);
  const top = area.top + (area.height - extent(rows, height, gap)) / 2;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, count - row * columns);
    const start = area.start + (area.width - extent(inRow, width, gap)) / 2;
    return {
      start: start + (index % columns) * (width + gap),
      top: top + row * (height + gap),
      width,
      height,
    };
  });
}

/** The number of columns with the largest tiles. */
function bestGrid(area: Size, count: number, gap: number, shapes: Shapes) {
  let best = { columns: 1, width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const cellWidth = Math.max(0, (area.width - (columns - 1) * gap) / columns);
    const cellHeight = Math.max(0, (area.height - (rows - 1) * gap) / rows);
    const width = Math.floor(Math.min(cellWidth, cellHeight * shapes.widest));
    const height = Math.floor(Math.min(cellHeight, cellWidth / shapes.narrowest));
    if (width * height > best.width * best.height) best = { columns, width, height };
  }
  return best;
}

/** What some tiles in a line take, with the gaps between them. */
function extent(count: number, size: number, gap: number): number {
  return count * size + (count - 1) * gap;
}
