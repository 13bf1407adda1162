import { CsvError, parse } from 'csv-parse/sync'
import type { FilesBeside, UserRow, Vocabulary } from '../workload/target-access.ts'
import { UserError } from './exit-codes.ts'
import { readBeside } from './read-trace.ts'

/** The certificates, users and vocabularies that stand beside the workload file, each read once. */
export function targetFiles(workloadFile: string): FilesBeside {
  const users = new Map<string, readonly UserRow[]>()
  return {
    pem: (name) => readPem(workloadFile, name),
    users(name) {
      const rows = users.get(name) ?? readUsers(workloadFile, name)
      users.set(name, rows)
      return rows
    },
    vocabulary: (name) => vocabularyIn(workloadFile, name),
  }
}

/** Looked at, but not kept: it is megabytes, and of all verbs only the provider counts with it. */
function vocabularyIn(workloadFile: string, name: string): Vocabulary {
  const read = (): string => readBeside(workloadFile, name, 'tokenizer')
  if (/^\s*\{[^]*"vocab"/.test(read())) return { file: name, read }
  throw new UserError(`${name} is no vocabulary of a model`, {
    hint: 'the tokenizer.json that stands beside its weights has one',
  })
}

function readPem(workloadFile: string, name: string): string {
  const text = readBeside(workloadFile, name, 'certificate')
  if (/-----BEGIN [A-Z0-9 ]+-----[^-]+-----END /.test(text)) return text
  throw new UserError(`${name} holds no certificate or key`, { hint: 'PEM begins with -----BEGIN' })
}

/** No cell is ever part of what is said: it may be a password. */
function readUsers(workloadFile: string, name: string): readonly UserRow[] {
  const text = readBeside(workloadFile, name, 'users')
  let rows: readonly UserRow[]
  try {
    rows = parse(text, { columns: namedOnce(name), bom: true, trim: true, skip_empty_lines: true })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = typeof error['lines'] === 'number' ? `, line ${error['lines']}` : ''
    throw new UserError(`${name}${line} is not CSV as its first line has it (${error.code})`, {
      hint: 'the first line names the columns, each other one is a user',
    })
  }
  if (rows.length === 0)
    throw new UserError(`${name} holds no user`, { hint: 'a line of names, then a line a user' })
  for (const [i, row] of rows.entries())
    for (const [column, cell] of Object.entries(row))
      // oxlint-disable-next-line no-control-regex -- such a cell would end the header that it stands in
      if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(cell))
        throw new UserError(`${name}, user ${i + 1}: ${column} holds a line break or a sign that nobody sees`)
  return rows
}

/** Of two columns with one name only the last would be kept. */
const namedOnce =
  (file: string) =>
  (names: string[]): string[] => {
    const twice = names.find((name, i) => names.indexOf(name) < i)
    if (twice !== undefined) throw new UserError(`${file} names the column ${twice} twice`)
    return names
  }
