import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { PhoneRecord } from '../result/phone-records.ts'
import type { CallRecord, MeasuredSink, ScriptSample, TurnRecord } from '../result/records.ts'
import type { SummaryOrigin } from '../result/summary.ts'
import { TurnLog } from '../result/turn-log.ts'
import type { Level } from '../workload/level.ts'
import { levelValue } from '../workload/level.ts'
import { schemaSql } from './schema.ts'

/** What is written down about a probe when it begins. */
export interface ProbeHead {
  readonly origin: SummaryOrigin
  readonly level: Level
  readonly seed?: number
  readonly warmupMs?: number
  readonly measuredMs?: number
}

/** Where the records of one probe go. */
export interface ProbeRecords {
  readonly id: number
  readonly sink: MeasuredSink
  /** Writes what is left and marks the probe as whole; a probe that was killed stays unmarked. */
  end(): void
}

/** Records appended as they happen: what was flushed survives the death of the process. */
export interface RecordStore {
  beginProbe(head: ProbeHead): ProbeRecords
  /** Writes the buffered rows in one transaction. Call it at intervals; a full buffer flushes itself. */
  flush(): void
  /** Rows written so far, not counting the buffer. */
  readonly rowsWritten: number
  close(): void
}

type Cell = number | string | null

/** Rows in one transaction, and the most that a kill can lose: so few that writing them holds nobody up for long. */
export const batchRows = 500

/** Turns in one statement: a third less than one by one. */
const turnsAtOnce = 16

/** Opens a new `records.sqlite`; the file must not exist. */
export function createRecordStore(path: string): RecordStore {
  const database = new DatabaseSync(path)
  database.exec('pragma journal_mode = wal; pragma synchronous = normal')
  // Moving the log into the file stops the caller for ten milliseconds and more: seldom, and mostly on close.
  database.exec('pragma wal_autocheckpoint = 16384')
  database.exec(schemaSql)
  const turnColumns = columnsOf(database, 'turns')
  const insertTurn = insertInto(database, 'turns')
  const insertTurns = insertInto(database, 'turns', turnsAtOnce)
  const insertCall = insertInto(database, 'calls')
  const insertPhone = insertInto(database, 'phone')
  const insertSample = insertInto(database, 'samples')
  const insertProbe = insertInto(database, 'probes')
  const finishProbe = database.prepare('update probes set finished = 1 where id = ?')
  // Columns: rows of cells would be most of what the collector has to look at.
  const turns = new Map<number, TurnLog>()
  const calls: Cell[][] = []
  const phone: Cell[][] = []
  const samples: Cell[][] = []
  let buffered = 0
  let rowsWritten = 0
  let nextProbe = 1
  let open = true

  const insertBuffered = (): void => {
    for (const [probe, log] of turns) {
      let cells: Cell[] = []
      for (const turn of log) {
        cells.push(...turnRow(probe, turn))
        if (cells.length < turnsAtOnce * turnColumns) continue
        insertTurns.run(...cells)
        cells = []
      }
      for (let i = 0; i < cells.length; i += turnColumns) insertTurn.run(...cells.slice(i, i + turnColumns))
    }
    for (const row of calls) insertCall.run(...row)
    for (const row of phone) insertPhone.run(...row)
    for (const row of samples) insertSample.run(...row)
  }

  const flush = (): void => {
    if (!open || buffered === 0) return
    database.exec('begin')
    try {
      insertBuffered()
      database.exec('commit')
    } catch (error) {
      // The rows are still in the buffer, so that the next flush writes them whole.
      if (database.isTransaction) database.exec('rollback')
      throw error
    }
    rowsWritten += buffered
    for (const log of turns.values()) log.clear()
    calls.length = 0
    phone.length = 0
    samples.length = 0
    buffered = 0
  }

  const logOf = (probe: number): TurnLog => {
    const known = turns.get(probe)
    if (known) return known
    const log = new TurnLog()
    turns.set(probe, log)
    return log
  }

  const append = (probe: number, record: Parameters<MeasuredSink>[0]): void => {
    if (record.kind === 'turn') logOf(probe).add(record)
    else if (record.kind === 'phone') phone.push(phoneRow(probe, record))
    else if ('value' in record) samples.push(sampleRow(probe, record))
    else calls.push(callRow(probe, record))
    buffered += 1
    if (buffered >= batchRows) flush()
  }

  return {
    beginProbe(head) {
      const id = nextProbe
      nextProbe += 1
      insertProbe.run(id, ...probeCells(head))
      return {
        id,
        sink: (record) => append(id, record),
        end() {
          flush()
          turns.delete(id)
          finishProbe.run(id)
        },
      }
    },
    flush,
    get rowsWritten() {
      return rowsWritten
    },
    close() {
      if (!open) return
      flush()
      // Leaves one plain file that can be copied and read from a read-only place.
      database.exec('pragma journal_mode = delete')
      open = false
      database.close()
    },
  }
}

const columnsOf = (database: DatabaseSync, table: string): number =>
  database.prepare(`select * from ${table}`).columns().length

/** Inserts so many rows at once, whose cells stand in the order of the table's columns. */
function insertInto(database: DatabaseSync, table: string, rows = 1): StatementSync {
  const row = `(${Array(columnsOf(database, table)).fill('?').join(', ')})`
  return database.prepare(`insert into ${table} values ${Array(rows).fill(row).join(', ')}`)
}

function probeCells(head: ProbeHead): Cell[] {
  return [
    head.origin,
    'users' in head.level ? 'users' : 'sessionsPerSecond',
    levelValue(head.level),
    head.seed ?? null,
    head.warmupMs ?? null,
    head.measuredMs ?? null,
    0,
  ]
}

function turnRow(probe: number, record: Readonly<TurnRecord>): Cell[] {
  return [
    probe,
    record.session,
    record.turn,
    record.scenario,
    record.intendedAtMs,
    record.sentAtMs,
    record.firstTokenAtMs,
    record.endedAtMs,
    record.tokens,
    record.outcome,
    record.errorKind,
    record.status,
    ...watchedCells(record),
    record.tags ? JSON.stringify(record.tags) : null,
  ]
}

function phoneRow(probe: number, record: Readonly<PhoneRecord>): Cell[] {
  return [
    probe,
    record.session,
    record.scenario,
    record.offeredAtMs,
    record.grantedAtMs,
    record.answeredAtMs,
    record.endedAtMs,
    record.ending,
    record.interruptions,
    JSON.stringify(record.bargeInStopMs),
    record.talkedOver,
    record.gaps,
    record.longestGapMs,
  ]
}

function sampleRow(probe: number, sample: Readonly<ScriptSample>): Cell[] {
  const { kind, name, value, atMs, scenario, tags } = sample
  return [probe, kind, name, value, atMs, scenario, tags ? JSON.stringify(tags) : null]
}

function watchedCells({ usefulAtMs, refusals }: Readonly<TurnRecord>): Cell[] {
  if (usefulAtMs === undefined) return [null, null, null, null, null, null]
  const { refused = 0, retries = 0, told = 0, obeyed = 0, lostMs = 0 } = refusals ?? {}
  return [usefulAtMs, refused, retries, told, obeyed, lostMs]
}

function callRow(probe: number, record: Readonly<CallRecord>): Cell[] {
  return [
    probe,
    record.kind,
    record.service,
    record.session,
    record.turn,
    record.step,
    record.attempt,
    record.sentAtMs,
    record.firstTokenAtMs,
    record.endedAtMs,
    record.inputTokens,
    record.cachedTokens,
    record.outputTokens,
    record.maxTokens,
    record.depth,
    record.outcome,
    record.errorKind,
    record.status,
    record.joinedBy,
    record.fault ?? null,
    record.canaries ? JSON.stringify(record.canaries) : null,
  ]
}
