import { Mistake } from './mistake.ts'

/** What whoever can read files makes of one that the workload file names. */
export function readHanded<T>(file: string, from: (() => T) | undefined): T {
  if (!from)
    throw new Mistake(
      'missing_trace',
      `${file} was not handed over`,
      'pass options.files to parseWorkload; the command line reads the file itself',
    )
  try {
    return from()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const { hint } = error as { hint?: unknown }
    throw new Mistake('missing_trace', error.message, typeof hint === 'string' ? hint : undefined)
  }
}
