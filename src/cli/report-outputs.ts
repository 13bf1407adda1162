import { createWriteStream, writeFileSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { csvLine } from '../report/csv.ts'
import { metricsOf } from '../report/metrics.ts'
import { reporters } from '../report/reporters.ts'
import type { Run } from '../result/run.ts'
import { type OpenedRun, openRun } from '../store/open-run.ts'
import { UserError } from './exit-codes.ts'
import type { Io } from './io.ts'
import { isUrl, type ReportOutput, sendReport, sendSeries } from './send-report.ts'

const forms = [...Object.keys(reporters), 'turns', 'remote-write']

/** Adds `--report FORM=FILE` to a verb that leaves a run. */
export function withReportFlag(command: Command): Command {
  return command.option(
    '--report <form=file>',
    `the report in another form as well, in a file or sent to a URL (repeatable): ${forms.join(', ')}`,
    collectReport,
    [],
  )
}

function collectReport(value: string, earlier: readonly ReportOutput[]): ReportOutput[] {
  const [form = '', ...rest] = value.split('=')
  const to = rest.join('=')
  if (!forms.includes(form) || to === '')
    throw new InvalidArgumentError(`expected form=file, such as junit=report.xml; forms: ${forms.join(', ')}`)
  if (form === 'remote-write' && !isUrl(to))
    throw new InvalidArgumentError(
      'remote-write goes to an address, such as http://localhost:9090/api/v1/write',
    )
  if (isUrl(to) && !(form in contentTypes))
    throw new InvalidArgumentError(
      `${form} goes to a file; to an address go ${Object.keys(contentTypes).join(', ')}`,
    )
  return [...earlier, { form, to }]
}

/** What is sent to an address: to an OTLP collector, a Pushgateway, a hook of one's own. */
const contentTypes: Readonly<Record<string, string>> = {
  otlp: 'application/json',
  prometheus: 'text/plain; version=0.0.4',
  json: 'application/json',
  markdown: 'text/markdown',
  'remote-write': 'application/x-protobuf',
}

/** Writes each report that was asked for. What cannot be written is told together, after all others were. */
export async function writeReports(
  run: Run,
  outputs: readonly ReportOutput[],
  folder: string | undefined,
  io: Io,
): Promise<void> {
  const problems: string[] = []
  for (const { form, to } of outputs) {
    try {
      if (form === 'turns') await writeTurns(folder, to)
      else if (form === 'remote-write')
        await sendSeries(metricsOf(run), run, Date.parse(run.endedAt ?? run.startedAt), to)
      else {
        const text = reporters[form as keyof typeof reporters](run)
        if (isUrl(to)) await sendReport(text, { 'content-type': contentTypes[form]! }, to)
        else writeFileSync(to, text)
      }
      io.note(`${form}: ${isUrl(to) ? new URL(to).host : to}`)
    } catch (error) {
      problems.push(
        `${form}: nothing came to ${isUrl(to) ? new URL(to).host : to} (${(error as Error).message})`,
      )
    }
  }
  if (problems.length > 0) throw new UserError(problems.join('\n'))
}

const columns = [
  'probe',
  'session',
  'turn',
  'scenario',
  'intendedAtMs',
  'sentAtMs',
  'firstTokenAtMs',
  'endedAtMs',
  'tokens',
  'outcome',
  'errorKind',
  'status',
  'usefulAtMs',
] as const

/** Of turns that met a 429 or a 503. */
const refusalColumns = ['refused', 'retries', 'told', 'obeyed', 'lostMs'] as const

/** Every turn in a line of its own, as raw instants. */
async function writeTurns(folder: string | undefined, file: string): Promise<void> {
  if (folder === undefined) throw new Error('a run without a folder keeps no turns')
  const opened = openRun(folder)
  try {
    await pipeline(turnLines(opened), createWriteStream(file))
  } finally {
    opened.close()
  }
}

function* turnLines(opened: OpenedRun): Generator<string> {
  yield csvLine([...columns, ...refusalColumns])
  for (const { id } of opened.probes)
    for (const turn of opened.readTurns(id))
      yield csvLine([
        ...columns.map((column) => (column === 'probe' ? id : turn[column])),
        ...refusalColumns.map((column) => turn.refusals?.[column]),
      ])
}
