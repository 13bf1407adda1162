const prefix = 'plimsoll:'

/**
 * The signature of a function call. Clients have to send signatures back as they came, also those that drop ids, so
 * the id stands in it.
 */
export function signatureOfCall(id: string): string {
  return Buffer.from(prefix + id).toString('base64')
}

/** The id in a signature of ours; undefined for anyone else's. */
export function callOfSignature(signature: string): string | undefined {
  const text = Buffer.from(signature.slice(0, 1000), 'base64').toString('utf8')
  return text.startsWith(prefix) ? text.slice(prefix.length) : undefined
}
