import { existsSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { parse } from 'csv-parse/sync'
import { definitionIn } from '../load/script/scenario.ts'
import type { Script } from '../load/script/script.ts'
import { scriptFailure } from '../load/script/script-failure.ts'
import { needsScript } from '../workload/metric-threshold.ts'
import { metricNames } from '../workload/metrics.ts'
import type { Workload } from '../workload/workload.ts'
import { exitCodes, UserError } from './exit-codes.ts'
import { loadModule, moduleUrl } from './load-module.ts'
import { readBeside } from './read-trace.ts'

const example =
  "import { scenario } from 'plimsoll'\nexport default scenario(async ({ agent }) => { await agent.say('Hello') })"

/**
 * The workload with this script for every scenario that has none of its own. Where there is any, its checks are judged
 * instead of what stands for them; where there is none, nobody can measure what only a script does.
 */
export function withScript(workload: Workload, script: string | undefined): Workload {
  const scenarios = workload.scenarios.map((scenario) =>
    script === undefined || scenario.script !== undefined
      ? scenario
      : { ...scenario, script: resolve(script) },
  )
  const { thresholds = [] } = workload
  if (scenarios.every((scenario) => scenario.script === undefined)) {
    const alone = thresholds.find(needsScript)
    if (!alone) return workload
    throw new UserError(
      `«${alone.text}»: there is no metric ${alone.metricName}, and no script to measure it`,
      {
        hint: `metrics: ${metricNames.join(', ')}; a script is named by --script or scenarios.script`,
      },
    )
  }
  return { ...judgedByScript(workload), scenarios }
}

/** The workload without the objectives that stand for a script's checks where there is none. */
export function judgedByScript(workload: Workload): Workload {
  const { objectives, thresholds = [] } = workload
  const isJudged = (text: string): boolean => !thresholds.some(({ unscripted }) => unscripted === text)
  return { ...workload, objectives: objectives.filter(({ text }) => isJudged(text)) }
}

/** The scripts that the workload names, by scenario; undefined where it names none. */
export function readScripts(workload: Workload, file: string): (Script | undefined)[] | undefined {
  const paths = workload.scenarios.map(({ script }) => script)
  if (paths.every((path) => path === undefined)) return undefined
  const read = new Map<string, Script>()
  return paths.map((path) => {
    if (path === undefined) return undefined
    const whole = resolve(dirname(file), path)
    const script = read.get(whole) ?? readScript(whole)
    read.set(whole, script)
    return script
  })
}

/** Reads a script and the files that it names. What is wrong with it is a UserError, with the place. */
export function readScript(path: string): Script {
  const name = basename(path)
  if (!existsSync(path)) throw new UserError(`there is no script ${path}`)
  const definition = definitionIn(exportOf(path))
  if (!definition)
    throw new UserError(`${name} has no scenario as its default export`, { hint: `such as\n${example}` })
  const data = Object.entries(definition.options.data ?? {}).map(
    ([key, file]) => [key, readRows(path, file)] as const,
  )
  return { name, url: moduleUrl(path), definition, data: Object.fromEntries(data) }
}

/** The default export of a file that the user named; what it throws is told with its place. */
function exportOf(path: string): unknown {
  try {
    return loadModule(path)['default']
  } catch (error) {
    throw moduleFailure(path, error)
  }
}

/** Why a file that the user named could not be run, with the place. */
export function moduleFailure(path: string, error: unknown): UserError {
  const name = basename(path)
  const { code, stack = '' } = error as { code?: string; stack?: string }
  if (code === 'ERR_REQUIRE_ASYNC_MODULE')
    return new UserError(`${name} awaits at its top level, which a script may not`, {
      hint: 'wait in sessionStart, or name data files in the options of scenario',
    })
  // A syntax error has its place in the first line of its stack, and not among the frames.
  const [, file, line] = code?.includes('TYPESCRIPT') ? (/([^/\s]+):(\d+)\n/.exec(stack) ?? []) : []
  const what =
    file === undefined
      ? scriptFailure({ name, url: moduleUrl(path) }, error)
      : `${file}:${line}: ${(error as Error).message}`
  return new UserError(what, { exitCode: exitCodes.scriptThrew })
}

function readRows(script: string, file: string): readonly unknown[] {
  const text = readBeside(script, file, 'data file', 'the script')
  const plain = file.replace(/\.gz$/, '')
  try {
    if (plain.endsWith('.csv'))
      return parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true })
    if (plain.endsWith('.jsonl'))
      return text.split(/\r?\n/).flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line) as unknown]))
    if (plain.endsWith('.json')) return listOf(JSON.parse(text), file)
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(`data file ${file}: ${(error as Error).message}`)
  }
  throw new UserError(`data file ${file} is neither .csv nor .json nor .jsonl`)
}

function listOf(value: unknown, file: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new UserError(`data file ${file} holds no list`, { hint: 'such as [{"id": 1}, {"id": 2}]' })
}
