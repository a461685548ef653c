import { useContext, useSyncExternalStore, type RefObject } from 'react';
import { GridCellContext } from './GridCellContext.js';
import { Icon } from './icons.js';
import type { CallLabels } from './labels.js';

interface TileButtonsProps {
  video: RefObject<HTMLVideoElement | null>;
  /** Whether there is a picture. */
  shown: boolean;
  who: string;
  text: CallLabels;
}

/** Pins a tile in its grid, and takes its picture out of the page. */
export function TileButtons({ video, shown, who, text }: TileButtonsProps) {
  const cell = useContext(GridCellContext);
  const hasPictureInPicture = useSyncExternalStore(
    never,
    // Not in Firefox, which has a button of its own.
    () => document.pictureInPictureEnabled,
    () => false,
  );
  const togglePictureInPicture = () => {
    const done =
      document.pictureInPictureElement === video.current
        ? document.exitPictureInPicture()
        : video.current?.requestPictureInPicture();
    // Refused where the picture has just ended.
    done?.catch(() => {});
  };
  return (
    <>
      {cell?.onPin && (
        <button
          type="button"
          className="rs-pin"
          aria-label={text.pin(who)}
          aria-pressed={cell.pinned}
          onClick={() => cell.onPin?.(!cell.pinned)}
        >
          <Icon name="pin" />
        </button>
      )}
      {shown && hasPictureInPicture && (
        <button
          type="button"
          className="rs-picture-in-picture"
          aria-label={text.pictureInPicture(who)}
          title={text.pictureInPicture(who)}
          onClick={togglePictureInPicture}
        >
          <Icon name="picture-in-picture" />
        </button>
      )}
    </>
  );
}

const never = () => () => {};
