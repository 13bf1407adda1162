import type { JsonPointer, RequestTemplate } from './target.ts'

/** What a file says of one user: its columns by name. */
export type UserRow = Readonly<Record<string, string>>

/** What can be read of files that stand beside the workload file. Throws what is wrong with them. */
export interface FilesBeside {
  /** A certificate or key, as PEM. */
  pem(file: string): string
  /** A row for each user. */
  users(file: string): readonly UserRow[]
  /** The `tokenizer.json` of a model. */
  vocabulary?(file: string): Vocabulary
}

/** A model's own vocabulary, which is long: it is read again where it is needed. */
export interface Vocabulary {
  /** As the workload file names it. */
  readonly file: string
  readonly read: () => string
}

/** Who each user is to the target. */
export interface UserAccess {
  /** `${user.column}`: user u has row u; where users are more than rows, rows are had in turn. */
  readonly rows?: readonly UserRow[]
  readonly login?: LoginRequest
  /** Each user keeps the cookies that it is given. */
  readonly cookies: boolean
}

/** Sent once a user before the first message, and again where the target says 401. */
export interface LoginRequest extends RequestTemplate {
  /** Where its answer holds `{token}`; cookies carry it where this is absent. */
  readonly token?: { readonly at: JsonPointer } | { readonly header: string }
}

/** How connections to the target are made. */
export interface TargetConnection {
  readonly tls?: TlsOptions
  /** HTTP/2 where the target offers it over TLS. */
  readonly http2: boolean
}

/** Texts are PEM. */
export interface TlsOptions {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly passphrase?: string
  /** Whoever answers is believed to be the target. */
  readonly insecure: boolean
}
