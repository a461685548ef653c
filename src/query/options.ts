import type { dataTagSymbol, QueryKey } from '@tanstack/react-query';
import type { Encoding, SignalEvent, SignalingError } from '../driver/index.js';
import type { ValueOptions } from '../driver/values.js';

/** The key of a query; one made with `queryOptions` knows the type of its data. */
export type SignalQueryKey<Data> = QueryKey & {
  /** For the compiler alone. */
  readonly [dataTagSymbol]?: Data;
};

interface CommonOptions<Signal, Data> extends ValueOptions<Signal> {
  /** The query, as `useQuery` has it. */
  queryKey: SignalQueryKey<Data>;
  /** How the bytes travel. Default: that of the provider, else `base64`. */
  encoding?: Encoding | undefined;
  /**
   * The id of the last update that the data has, such as `readMercureLink(response).lastEventId`
   * which `queryFn` has put into it. What the hub has behind it comes first, in place of fetching
   * the data again. Called when the topics are opened, where there is data: give `null` as `topics`
   * until then. Default: what was fetched before the topics were open is fetched again.
   */
  since?: ((data: Data) => string | undefined) | undefined;
  /**
   * Called for a signal that does not decode or fit, and where `update` throws. Default: `onError`
   * of the provider.
   */
  onError?: ((error: SignalingError) => void) | undefined;
}

/** Options of `useSignalQuery`: either `update` or `invalidate`. They may be written inline. */
export type UseSignalQueryOptions<Signal, Data> = CommonOptions<Signal, Data> &
  (
    | {
        /**
         * Returns the data after this signal: a new object, as for `setQueryData`; or the same one, or
         * nothing, where it does not matter. It is called only where there is data. It may meet a
         * signal that fetched data has already, so it should replace by id or version rather than add.
         */
        update: (data: Data, signal: Signal, event: SignalEvent) => Data | undefined;
        /** None. */
        invalidate?: undefined;
      }
    | {
        /**
         * Whether this signal makes the data out of date; `true`: each one does. Then this query and
         * those whose key begins with its key are invalidated, and fetched again where they are shown:
         * at once, and at most once a second.
         */
        invalidate: true | ((signal: Signal, event: SignalEvent) => boolean);
        /** None. */
        update?: undefined;
      }
  );
