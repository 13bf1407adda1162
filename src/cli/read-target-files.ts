import { CsvError, parse } from 'csv-parse/sync'
import type { FilesBeside, UserRow } from '../workload/target-access.ts'
import { UserError } from './exit-codes.ts'
import { readBeside } from './read-trace.ts'

/** The certificates and users that stand beside the workload file, each read once. */
export function targetFiles(workloadFile: string): FilesBeside {
  const users = new Map<string, readonly UserRow[]>()
  return {
    pem: (name) => readPem(workloadFile, name),
    users(name) {
      const rows = users.get(name) ?? readUsers(workloadFile, name)
      users.set(name, rows)
      return rows
    },
  }
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
    rows = parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = typeof error['lines'] === 'number' ? `, line ${error['lines']}` : ''
    throw new UserError(`${name}${line} is not CSV as its first line has it (${error.code})`, {
      hint: 'the first line names the columns, each other one is a user',
    })
  }
  if (rows.length === 0)
    throw new UserError(`${name} holds no user`, { hint: 'a line of names, then a line a user' })
  return rows
}
