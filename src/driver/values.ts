import type { ByteArray } from '../mercure/index.js';
import { json, type Codec } from './codec.js';
import { SignalingError } from './SignalingError.js';

/**
 * Any validator that implements [Standard Schema](https://standardschema.dev), such as one of Zod,
 * Valibot or ArkType. It must validate synchronously.
 */
export interface Schema<Output> {
  /** As Standard Schema has it. */
  readonly '~standard': {
    /** The version of Standard Schema. */
    readonly version: 1;
    /** The library that made it. */
    readonly vendor: string;
    /** Returns the value, perhaps another one, or what is wrong with it. */
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    /** For the compiler alone. */
    readonly types?:
      | {
          /** What it takes. */
          readonly input: unknown;
          /** What it gives. */
          readonly output: Output;
        }
      | undefined;
  };
}

type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: ReadonlyArray<{ readonly message: string }> };

/** How a subscription turns bytes into values. */
export interface ValueOptions<Value> {
  /** `json`, `text`, `bytes`, or your own. Default: that of the provider, else {@link json}. */
  codec?: Codec<Value> | undefined;
  /**
   * What a value must fit. A value that does not is an error, and no signal. Default: that of the
   * provider, else every value fits.
   */
  schema?: Schema<Value> | undefined;
}

/** Reads the values of one subscription, in order, also where its codec is asynchronous. */
export class ValueReader {
  #tail: Promise<void> | undefined;

  /**
   * Calls `onResult` with the value, or with a {@link SignalingError}: the codec's own or `decode`
   * where the bytes are no value, `schema` where it does not fit.
   *
   * @param topic The topic of the signal, where it is known.
   * @param name Names the topics of the subscription in messages.
   */
  read<Value>(
    bytes: ByteArray,
    topic: string | undefined,
    name: string,
    { codec = json, schema }: ValueOptions<Value>,
    onResult: (result: { value: Value } | { error: SignalingError }) => void,
  ): void {
    const failed = (cause: unknown) => ({ error: undecodable(topic ?? name, cause) });
    const checked = (value: Value) => validate(value, topic ?? name, schema);
    let result: ReturnType<typeof checked> | Promise<ReturnType<typeof checked>>;
    try {
      const value = codec.decode(bytes, { topic, subscription: this });
      result = value instanceof Promise ? value.then(checked, failed) : checked(value);
    } catch (cause) {
      result = failed(cause);
    }
    if (!this.#tail && !(result instanceof Promise)) return onResult(result);
    const turn = (this.#tail ?? Promise.resolve()).then(async () => {
      const settled = await result;
      if (this.#tail === turn) this.#tail = undefined;
      onResult(settled);
    });
    this.#tail = turn;
  }
}

function undecodable(topic: string, cause: unknown): SignalingError {
  if (cause instanceof SignalingError) return cause;
  const message = `A signal on "${topic}" does not decode. Give the \`codec\` its publishers use.`;
  return new SignalingError('decode', message, { cause, topic });
}

/** The value, or why it does not fit. */
export function validate<Value>(
  value: Value,
  topic: string,
  schema: Schema<Value> | undefined,
): { value: Value } | { error: SignalingError } {
  if (!schema) return { value };
  const misfit = (reason: string, cause?: unknown) => {
    const message = `A signal on "${topic}" does not fit its schema: ${reason}`;
    return { error: new SignalingError('schema', message, { cause, topic }) };
  };
  let result: ReturnType<Schema<Value>['~standard']['validate']>;
  try {
    result = schema['~standard'].validate(value);
  } catch (cause) {
    return misfit('it threw, see the cause.', cause);
  }
  if (result instanceof Promise) return misfit('it is asynchronous. Give one that is not.');
  if (result.issues) return misfit(result.issues.map(({ message }) => message).join('; '));
  return { value: result.value };
}
