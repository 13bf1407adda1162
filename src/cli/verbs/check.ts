import type { Command } from 'commander'
import { createIo, type Io } from '../io.ts'
import { type CommonFlags, httpUrl, positiveNumber, providerUrl, withCommonFlags } from '../options.ts'
import type { PreflightReport } from '../../load/preflight.ts'
import { checkedWorld, timeline } from '../preflight.ts'
import { type ProviderFlags, withProviderFlags } from '../provider-flags.ts'
import { onlySimulated } from '../../workload/only-simulated.ts'
import { readScripts } from '../read-script.ts'
import { readWorkload, WorkloadError } from '../read-workload.ts'
import { checkLines } from '../check-lines.ts'
import { inputCount, originsOf } from '../inputs.ts'
import { interruptSignal } from '../interrupt.ts'
import type { Workload } from '../../workload/workload.ts'

interface Flags extends CommonFlags, ProviderFlags {
  readonly target?: string
  readonly start?: string
  readonly reference?: boolean
  readonly provider?: string
  readonly speed: number
  readonly allowTarget: readonly string[]
}

/** `plimsoll check FILE`: every mistake at once; with a target, the preflight. */
export function check(program: Command): void {
  withProviderFlags(withCommonFlags(program.command('check').argument('<file>', 'workload file')))
    .summary('list every mistake of a file; with a target, try one turn')
    .description(
      'Lists every mistake with line, column and hint. With a target, sends one turn and shows it from both sides.',
    )
    .option('--target <url>', 'the agent to try', httpUrl)
    .option('--start <command>', 'start the agent with this command; it gets OPENAI_BASE_URL')
    .option('--reference', 'try the reference agent')
    .option('--provider <url>', 'a provider that already runs, or none', providerUrl)
    .option('--speed <factor>', 'time compression', positiveNumber, 1)
    .option(
      '--allow-target <host>',
      'a target that is not this machine (repeatable)',
      (host, all: string[]) => [...all, host],
      [],
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
        const options = { ...flags, file, allowTargets: flags.allowTarget }
        const tell = (report: PreflightReport): void =>
          io.result(io.json ? JSON.stringify(report) : timeline(report))
        const world = await checkedWorld(workload, options, io, interruptSignal(io), tell)
        await world.close()
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
