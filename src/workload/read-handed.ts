import { Mistake } from './mistake.ts'

/** A reader that whoever parses a workload may hand over, and what is said where it was not. */
interface Handed {
  readonly option: 'conversations' | 'files' | 'traces'
  readonly missing: string
}

/**
 * What a reader that was handed over makes of a file that the workload file names. Throws a `Mistake`: where there is no
 * reader, and for whatever the reader throws, since what is wrong with the file is the user's to mend.
 */
export function readHanded<T>({ option, missing }: Handed, read: (() => T) | undefined): T {
  if (!read)
    throw new Mistake(
      'missing_trace',
      missing,
      `pass options.${option} to parseWorkload; the command line reads the file itself`,
    )
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const { hint } = error as { hint?: unknown }
    throw new Mistake('missing_trace', error.message, typeof hint === 'string' ? hint : undefined)
  }
}

/** The same of a certificate, of users or of a vocabulary. */
export function readFileBeside<T>(file: string, read: (() => T) | undefined): T {
  return readHanded({ option: 'files', missing: `${file} was not handed over` }, read)
}
