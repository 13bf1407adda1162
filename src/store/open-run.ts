import type { FaultName } from '../workload/fault.ts'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type {
  CallRecord,
  Canaries,
  ErrorKind,
  JoinedBy,
  Outcome,
  ScriptSample,
  Tags,
  TurnRecord,
} from '../result/records.ts'
import type { PhoneRecord } from '../result/phone-records.ts'
import type { Run } from '../result/run.ts'
import type { SummaryOrigin } from '../result/summary.ts'
import type { ProbeHead } from './record-store.ts'
import { runFiles } from './run-folder.ts'
import { readableVersions, schemaVersion } from './schema.ts'

export interface StoredProbe extends ProbeHead {
  readonly id: number
  /** False for a probe that was cut off by the end of its process. */
  readonly finished: boolean
}

export interface StoreProblem {
  readonly code:
    | 'run_not_found'
    | 'not_a_run'
    | 'run_json_missing'
    | 'run_json_broken'
    | 'format_unknown'
    | 'records_broken'
  readonly message: string
  readonly hint?: string
}

/** A run read back from its folder. Without `problems` it is whole; with some, what could be read is still there. */
export interface OpenedRun {
  readonly path: string
  readonly run?: Run
  readonly problems: readonly StoreProblem[]
  readonly probes: readonly StoredProbe[]
  /** Turns of one probe, or of all, in the order in which they ended. Throws, as the others do, where the file is damaged. */
  readTurns(probe?: number): IterableIterator<TurnRecord>
  /** Calls of one probe, or of all, in the order in which they ended. */
  readCalls(probe?: number): IterableIterator<CallRecord>
  /** Calls by telephone of one probe, or of all, in the order in which they ended. */
  readPhone(probe?: number): IterableIterator<PhoneRecord>
  /** What scripts noted in one probe, or in all, in the order in which they did. */
  readSamples(probe?: number): IterableIterator<ScriptSample>
  close(): void
}

type Row = Record<string, number | string | null>

/** Records that opened well and turn out to be damaged further on. */
class RecordsBroken extends Error {
  readonly code = 'records_broken'

  constructor(path: string, cause: unknown) {
    super(`${path} is not readable: ${(cause as Error).message}`, { cause })
  }
}

/** Tables are read in the order of these instants: threads that play users tell of theirs in batches. */
const orderedBy = { turns: 'ended_at_ms', calls: 'ended_at_ms', phone: 'ended_at_ms', samples: 'at_ms' }

/** Opens a run's folder, or any file in it. Also reads a run whose process was killed. */
export function openRun(path: string): OpenedRun {
  const folder = folderOf(path)
  const problems: StoreProblem[] = []
  if (!existsSync(folder)) {
    problems.push({
      code: 'run_not_found',
      message: `there is no ${path}`,
      hint: 'runs are folders under runs/',
    })
    return opened(folder, problems)
  }
  const hasRun = existsSync(join(folder, runFiles.run))
  const hasRecords = existsSync(join(folder, runFiles.records))
  if (!hasRun && !hasRecords) {
    const hint = `a run is a folder that holds ${runFiles.run} and ${runFiles.records}`
    problems.push({ code: 'not_a_run', message: `${path} is not a run`, hint })
    return opened(folder, problems)
  }
  const run = readRun(folder, problems)
  const records = hasRecords ? openRecords(join(folder, runFiles.records), problems) : undefined
  return opened(folder, problems, run, records)
}

function opened(path: string, problems: StoreProblem[], run?: Run, records?: StoredRecords): OpenedRun {
  return {
    path,
    ...(run && { run }),
    problems,
    probes: records?.probes ?? [],
    readTurns: (probe) => rows(records, 'turns', probe, toTurn),
    readCalls: (probe) => rows(records, 'calls', probe, toCall),
    readPhone: (probe) => rows(records, 'phone', probe, toPhone),
    readSamples: (probe) => rows(records, 'samples', probe, toSample),
    close: () => records?.database.close(),
  }
}

function folderOf(path: string): string {
  const names: readonly string[] = Object.values(runFiles)
  const isFile = existsSync(path) && statSync(path).isFile()
  return isFile && names.includes(basename(path)) ? dirname(path) : path
}

function readRun(folder: string, problems: StoreProblem[]): Run | undefined {
  const path = join(folder, runFiles.run)
  if (!existsSync(path)) {
    const message = `${path} is missing: the run ended before it was written`
    problems.push({ code: 'run_json_missing', message, hint: 'its records can still be read' })
    return undefined
  }
  try {
    const run = JSON.parse(readFileSync(path, 'utf8')) as Run
    if (run.format === 1 && Array.isArray(run.summaries) && Array.isArray(run.capacities)) return run
    const message = `${path} has format ${String(run.format)}, this version reads format 1`
    problems.push({
      code: 'format_unknown',
      message,
      hint: 'read it with the version of Plimsoll that wrote it',
    })
  } catch (error) {
    problems.push({
      code: 'run_json_broken',
      message: `${path} is not readable: ${(error as Error).message}`,
    })
  }
  return undefined
}

interface StoredRecords {
  readonly path: string
  readonly database: DatabaseSync
  readonly probes: readonly StoredProbe[]
}

function openRecords(path: string, problems: StoreProblem[]): StoredRecords | undefined {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: true })
    const version = database.prepare('pragma user_version').get()?.['user_version']
    if (readableVersions.includes(version)) {
      const probes = database.prepare('select * from probes order by id').all()
      return { path, database, probes: probes.map((row) => toProbe(row as Row)) }
    }
    const message = `${path} has schema ${String(version)}, this version reads schema ${schemaVersion}`
    problems.push({
      code: 'format_unknown',
      message,
      hint: 'read it with the version of Plimsoll that wrote it',
    })
  } catch (error) {
    const { code, message } = new RecordsBroken(path, error)
    problems.push({ code, message })
  }
  database?.close()
  return undefined
}

/** Rows of one probe, or of all; none where a run of old does not have the table. */
function* rows<T>(
  records: StoredRecords | undefined,
  table: keyof typeof orderedBy,
  probe: number | undefined,
  convert: (row: Row) => T,
): IterableIterator<T> {
  if (!records) return
  const { path, database } = records
  try {
    if (!database.prepare('select 1 from sqlite_master where name = ?').get(table)) return
    const where = probe === undefined ? '' : 'where probe = ?'
    const query = database.prepare(
      `select * from ${table} ${where} order by probe, ${orderedBy[table]}, rowid`,
    )
    for (const row of query.iterate(...(probe === undefined ? [] : [probe]))) yield convert(row as Row)
  } catch (error) {
    throw new RecordsBroken(path, error)
  }
}

function toProbe(row: Row): StoredProbe {
  const value = Number(row['level'])
  return {
    id: Number(row['id']),
    origin: row['origin'] as SummaryOrigin,
    level: row['level_kind'] === 'users' ? { users: value } : { sessionsPerSecond: value },
    ...(row['seed'] != null && { seed: Number(row['seed']) }),
    ...(row['warmup_ms'] != null && { warmupMs: Number(row['warmup_ms']) }),
    ...(row['measured_ms'] != null && { measuredMs: Number(row['measured_ms']) }),
    finished: row['finished'] === 1,
  }
}

function toTurn(row: Row): TurnRecord {
  return {
    kind: 'turn',
    session: numberOf(row['session']),
    turn: numberOf(row['turn']),
    scenario: numberOf(row['scenario']),
    intendedAtMs: numberOf(row['intended_at_ms']),
    sentAtMs: numberOf(row['sent_at_ms']),
    firstTokenAtMs: numberOf(row['first_token_at_ms']),
    endedAtMs: numberOf(row['ended_at_ms']),
    tokens: numberOf(row['tokens']),
    outcome: row['outcome'] as Outcome,
    errorKind: row['error_kind'] as ErrorKind,
    status: numberOf(row['status']),
    ...watched(row),
    ...tagsOf(row),
  }
}

/** What drivers watch for; absent in simulated runs, and in those of old. */
function watched(row: Row): Pick<TurnRecord, 'usefulAtMs' | 'refusals'> {
  const refused = row['refused']
  if (refused == null) return {}
  const refusals = {
    refused: Number(refused),
    retries: numberOf(row['retries']),
    told: numberOf(row['retry_after_told']),
    obeyed: numberOf(row['retry_after_obeyed']),
    lostMs: numberOf(row['lost_ms']),
  }
  return { usefulAtMs: numberOf(row['useful_at_ms']), ...(refused === 0 ? {} : { refusals }) }
}

function toCall(row: Row): CallRecord {
  return {
    kind: row['kind'] as CallRecord['kind'],
    service: numberOf(row['service']),
    session: numberOf(row['session']),
    turn: numberOf(row['turn']),
    step: numberOf(row['step']),
    attempt: numberOf(row['attempt']),
    sentAtMs: numberOf(row['sent_at_ms']),
    firstTokenAtMs: numberOf(row['first_token_at_ms']),
    endedAtMs: numberOf(row['ended_at_ms']),
    inputTokens: numberOf(row['input_tokens']),
    cachedTokens: numberOf(row['cached_tokens']),
    outputTokens: numberOf(row['output_tokens']),
    maxTokens: numberOf(row['max_tokens']),
    depth: numberOf(row['depth']),
    outcome: row['outcome'] as Outcome,
    errorKind: row['error_kind'] as ErrorKind,
    status: numberOf(row['status']),
    joinedBy: row['joined_by'] as JoinedBy,
    ...(row['fault'] == null ? {} : { fault: row['fault'] as FaultName }),
    ...(row['canaries'] == null ? {} : { canaries: JSON.parse(String(row['canaries'])) as Canaries }),
  }
}

function toPhone(row: Row): PhoneRecord {
  return {
    kind: 'phone',
    session: numberOf(row['session']),
    scenario: numberOf(row['scenario']),
    offeredAtMs: numberOf(row['offered_at_ms']),
    grantedAtMs: numberOf(row['granted_at_ms']),
    answeredAtMs: numberOf(row['answered_at_ms']),
    endedAtMs: numberOf(row['ended_at_ms']),
    ending: row['ending'] as PhoneRecord['ending'],
    interruptions: numberOf(row['interruptions']),
    bargeInStopMs: JSON.parse(String(row['barge_in_stop_ms'])) as number[],
    talkedOver: numberOf(row['talked_over']),
    gaps: numberOf(row['gaps']),
    longestGapMs: numberOf(row['longest_gap_ms']),
  }
}

function toSample(row: Row): ScriptSample {
  return {
    kind: row['kind'] as ScriptSample['kind'],
    name: String(row['name']),
    value: Number(row['value']),
    atMs: Number(row['at_ms']),
    scenario: String(row['scenario']),
    ...tagsOf(row),
  }
}

function tagsOf({ tags }: Row): { readonly tags?: Tags } {
  return tags == null ? {} : { tags: JSON.parse(String(tags)) as Tags }
}

function numberOf(cell: number | string | null | undefined): number {
  return cell == null ? Number.NaN : Number(cell)
}
