/**
 * Bytes in a buffer of their own: `Uint8Array<ArrayBuffer>` since TypeScript 5.7, `Uint8Array`
 * before.
 */
export type ByteArray = ReturnType<typeof Uint8Array.of>;
