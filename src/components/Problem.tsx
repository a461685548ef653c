import type { SignalingError, SignalingErrorCode } from '../driver/index.js';

/** What stays as it is, however often it is tried. */
const LASTING: readonly SignalingErrorCode[] = ['usage', 'webrtc'];

interface ProblemProps {
  error: SignalingError;
  onRetry?: (() => void) | undefined;
}

/** What went wrong, in the error's own sentence, with a button to try again where that may help. */
export function Problem({ error, onRetry }: ProblemProps) {
  return (
    <div className="rs-problem" role="alert">
      <p>{error.message}</p>
      {onRetry && !LASTING.includes(error.code) && (
        <button type="button" className="rs-button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
