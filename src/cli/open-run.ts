import type { Run } from '../result/run.ts'
import { type OpenedRun, openRun } from '../store/open-run.ts'
import { UserError } from './exit-codes.ts'
import type { Io } from './io.ts'

/** A run read from its folder; one that cannot be told is a UserError that says what is there all the same. */
export function openRunOrExplain(path: string, io: Io): { readonly run: Run; readonly opened: OpenedRun } {
  const opened = openRun(path)
  const lines = opened.problems.map(({ message, hint }) => (hint ? `${message} (${hint})` : message))
  if (opened.run) {
    for (const line of lines) io.note(line)
    return { run: opened.run, opened }
  }
  const probes = opened.probes.length
  if (probes > 0) lines.push(`records of ${probes} probes are in ${path}/records.sqlite`)
  opened.close()
  throw new UserError(lines.join('\n'))
}
