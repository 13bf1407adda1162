import { clean } from './clean.ts'
import type { Reporter } from './reporter.ts'

/** The run as it is, for other programs. */
export const json: Reporter = (run) => `${JSON.stringify(clean(run), undefined, 2)}\n`
