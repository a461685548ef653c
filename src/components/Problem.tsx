import type { SignalingError } from '../driver/index.js';

/** What went wrong, in the error's own sentence, with a way to try again where that may help. */
export function Problem({
  error,
  onRetry,
}: {
  error: SignalingError;
  onRetry?: (() => void) | undefined;
}) {
  return (
    <div className="rs-problem" role="alert">
      <p>{error.message}</p>
      {onRetry && (
        <button type="button" className="rs-button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
