// Fills the table of docs/agreement.md with what the simulator finds of the exact cases. A test holds the page to it.
import { readFileSync, writeFileSync } from 'node:fs'
import { agreementTable } from '../test/exact-answers.ts'

const page = new URL('../docs/agreement.md', import.meta.url)
const table = /\| case \| figure \| exact \|[^]*?(?=\n\n)/
writeFileSync(
  page,
  readFileSync(page, 'utf8').replace(table, () => agreementTable()),
)
