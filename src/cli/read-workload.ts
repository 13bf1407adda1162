import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { formatBytes } from '../result/figure-text.ts'
import { definitionIn } from '../workload/define-workload.ts'
import { formatProblems } from '../workload/format-problems.ts'
import type { Override } from '../workload/overrides.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import type { Problem } from '../workload/problem.ts'
import type { Workload } from '../workload/workload.ts'
import { UserError } from './exit-codes.ts'
import type { Io } from './io.ts'
import { loadModule } from './load-module.ts'
import { priceOf } from './prices.ts'
import { moduleFailure } from './read-script.ts'
import { readConversations } from './read-conversations.ts'
import { targetFiles } from './read-target-files.ts'
import { readTrace } from './read-trace.ts'

const largestFileBytes = 1_000_000

/** The text of a file, by default of a workload; a missing, huge or unreadable one is a UserError. */
export function readText(file: string, mostBytes = largestFileBytes): string {
  try {
    const bytes = statSync(file).size
    if (bytes > mostBytes)
      throw new UserError(
        `${file} has ${formatBytes(bytes)}; at most ${formatBytes(mostBytes)} are read`,
        mostBytes === largestFileBytes
          ? { hint: 'traces and conversations belong in files of their own, named by trace(file column)' }
          : {},
      )
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof UserError) throw error
    const code = (error as NodeJS.ErrnoException).code
    throw new UserError(
      code === 'ENOENT' ? `there is no file ${file}` : `${file} cannot be read (${code ?? String(error)})`,
      { hint: 'plimsoll init writes a commented starter file' },
    )
  }
}

/** Mistakes in a workload file, all of them. */
export class WorkloadError extends UserError {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[], file: string) {
    super(formatProblems(problems, file))
    this.problems = problems
  }
}

/** Reads and checks a workload; every mistake at once, then UserError. Warnings are notes. */
export function readWorkload(file: string, set: readonly string[], io: Pick<Io, 'note'>): Workload {
  return workloadOf(
    file,
    set.map((each) => parseOverride(each)),
    io,
  )
}

/** What `--against` makes of a workload that has no mistake without it: whatever is one now, wherever, is its own. */
export function readVariant(
  file: string,
  set: readonly string[],
  against: readonly string[],
  io: Pick<Io, 'note'>,
): Workload {
  const changes = against.map((each) => parseOverride(each, '--against'))
  const typed = `--against ${changes.map(({ path }) => path).join(', ')}`
  const asChange = (problem: Problem): Problem => {
    const { line, column: _column, ...rest } = problem
    if (line === undefined || problem.severity === 'warning') return problem
    return { ...rest, message: `${typed}: ${problem.message}` }
  }
  return workloadOf(file, [...set.map((each) => parseOverride(each)), ...changes], io, asChange)
}

function workloadOf(
  file: string,
  overrides: readonly Override[],
  io: Pick<Io, 'note'>,
  told = (problem: Problem): Problem => problem,
): Workload {
  const isModule = /\.[cm]?[jt]s$/.test(file)
  const { workload, problems: all } = parseWorkload(isModule ? definedIn(file) : readText(file), {
    file,
    env: process.env,
    overrides,
    price: priceOf,
    traces: (name, column, kind, unit) => readTrace(file, name, column, kind, unit),
    conversations: (name) => readConversations(file, name),
    files: targetFiles(file),
  })
  // What is defined in a program has paths, no lines.
  const here = all.map(told)
  const problems = isModule ? here.map(({ line: _line, column: _column, ...rest }) => rest) : here
  if (!workload) throw new WorkloadError(problems, file)
  if (problems.length > 0) io.note(formatProblems(problems, file))
  return workload
}

/** The definition that a TypeScript file exports, as JSON: it is checked anew, with all that is known here. */
function definedIn(file: string): string {
  readText(file)
  const definition = definitionIn(exportOrError(resolve(file)))
  if (definition) return JSON.stringify(definition)
  throw new UserError(`${file} has no defineWorkload as its default export`, {
    hint: 'what users do goes with --script; a workload file names who they are',
  })
}

function exportOrError(path: string): unknown {
  try {
    return loadModule(path)['default']
  } catch (error) {
    if (definitionIn(error)) return error
    throw moduleFailure(path, error)
  }
}

/** `path=value` of `--set`, or of a flag like it. */
export function parseOverride(text: string, flag = '--set'): Override {
  const equals = text.indexOf('=')
  if (equals < 1)
    throw new UserError(`${flag} ${text}: expected path=value`, {
      hint: `for example ${flag} agent.workers=10`,
    })
  return { path: text.slice(0, equals).trim(), value: text.slice(equals + 1).trim(), flag }
}
