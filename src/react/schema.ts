import { json, SignalingError, type Codec } from '../driver/index.js';

/**
 * Any validator that implements [Standard Schema](https://standardschema.dev), such as one of Zod,
 * Valibot or ArkType. It must validate synchronously.
 */
export interface Schema<Output> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: ReadonlyArray<{ readonly message: string }> };

/** How a subscription turns bytes into values. */
export interface ValueOptions<Value> {
  /** Default: {@link json}. `text`, `bytes`, or your own. */
  codec?: Codec<Value> | undefined;
  /** What a value must fit. What does not is an error, and no signal. Default: everything fits. */
  schema?: Schema<Value> | undefined;
}

/**
 * Reads a value.
 *
 * @throws {@link SignalingError} `decode` where the bytes are no value, `schema` where it does not fit.
 */
export function readValue<Value>(
  data: Uint8Array<ArrayBuffer>,
  topic: string,
  { codec = json, schema }: ValueOptions<Value>,
): Value {
  let value: Value;
  try {
    value = codec.decode(data);
  } catch (cause) {
    const message = `A signal on "${topic}" does not decode. Give the \`codec\` its publishers use.`;
    throw new SignalingError('decode', message, { cause, topic });
  }
  return schema ? validate(value, topic, schema) : value;
}

function validate<Value>(value: unknown, topic: string, schema: Schema<Value>): Value {
  const misfit = (reason: string, cause?: unknown) =>
    new SignalingError('schema', `A signal on "${topic}" does not fit its schema: ${reason}`, {
      cause,
      topic,
    });
  let result: ReturnType<Schema<Value>['~standard']['validate']>;
  try {
    result = schema['~standard'].validate(value);
  } catch (cause) {
    throw misfit('it threw, see the cause.', cause);
  }
  // To wait for it would change the order of signals.
  if (result instanceof Promise) throw misfit('it is asynchronous. Give one that is not.');
  if (result.issues) throw misfit(result.issues.map(({ message }) => message).join('; '));
  return result.value;
}
