import type { Command } from 'commander'
import { createIo, type Io } from '../io.ts'
import { type CommonFlags, positiveNumber, withCommonFlags } from '../options.ts'
import type { PreflightReport } from '../../load/preflight.ts'
import { onlySimulated } from '../../workload/only-simulated.ts'
import { readScripts } from '../read-script.ts'
import { readWorkload, WorkloadError } from '../read-workload.ts'
import { flagGroups, type TargetFlags, withTargetFlags } from '../target-flags.ts'
import { checkLines } from '../check-lines.ts'
import { inputCount, originsOf } from '../inputs.ts'
import { interruptSignal } from '../interrupt.ts'
import type { Workload } from '../../workload/workload.ts'

interface Flags extends CommonFlags, TargetFlags {
  readonly speed: number
}

/** `plimsoll check FILE`: every mistake at once; with a target, the preflight. */
export function check(program: Command): void {
  const command = program.command('check').argument('<file>', 'workload file')
  withTargetFlags(command, 'try')
    .optionsGroup(flagGroups.common)
    .option('--speed <factor>', 'time compression', positiveNumber, 1)
  withCommonFlags(command)
    .summary('list every mistake of a file; with a target, try one turn')
    .description(
      'Lists every mistake with line, column and hint. With a target, sends one turn and shows it from both sides.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  plimsoll check my.yaml\n  plimsoll check my.yaml --target http://localhost:8000',
    )
    .action(async (file: string, flags: Flags) => {
      const io = createIo(flags)
      const workload = readOrTell(file, flags, io)
      readScripts(workload, file)
      for (const sentence of onlySimulated(workload)) io.note(sentence)
      if (flags.target || flags.start || flags.reference) {
        // The engine that tries a target is loaded where there is one.
        const { checkedWorld, timeline } = await import('../preflight.ts')
        const options = { ...flags, file, allowTargets: flags.allowTarget }
        const tell = (report: PreflightReport): void =>
          io.result(io.json ? JSON.stringify(report) : timeline(report))
        const world = await checkedWorld(workload, options, io, interruptSignal(io), tell)
        await world.close()
        io.note(
          'one turn works; next: plimsoll find, with the same file and flags, finds how many users the agent carries',
        )
        return
      }
      io.result(
        io.json
          ? JSON.stringify({
              ok: true,
              name: workload.name,
              hash: workload.hash,
              inputs: inputCount(workload),
              origins: originsOf(workload),
              ...(workload.ranges ? { ranges: workload.ranges.inputs } : {}),
            })
          : checkLines(file, workload).join('\n'),
      )
    })
}

/** With `--json` the mistakes are a result too, for editors and CI. */
function readOrTell(file: string, { set }: Flags, io: Io): Workload {
  try {
    return readWorkload(file, set, io)
  } catch (error) {
    if (io.json && error instanceof WorkloadError)
      io.result(JSON.stringify({ ok: false, problems: error.problems }))
    throw error
  }
}
