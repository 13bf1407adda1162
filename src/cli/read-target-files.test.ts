import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { targetFiles } from './read-target-files.ts'

function beside(name: string, text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'users-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, name), text)
  return targetFiles(join(folder, 'work.yaml'))
}

test('users as spreadsheets write them: a mark of bytes, quotes, commas and lines in cells', () => {
  const files = beside('users.csv', '\uFEFFname, token\r\nada,"a,b ""c"""\r\n\r\n"bob" , d \r\n')
  const rows = files.users('users.csv')
  expect(rows).toEqual([
    { name: 'ada', token: 'a,b "c"' },
    { name: 'bob', token: 'd' },
  ])
  expect(files.users('users.csv')).toBe(rows)
})

test.each([
  ['', 'users.csv holds no user'],
  ['name,token\n', 'users.csv holds no user'],
  ['name,token\nada,hunter2,c\n', 'users.csv, line 2 is not CSV as its first line has it'],
  ['name,token\nada,"hunter2\n', 'users.csv, line 2 is not CSV as its first line has it'],
  ['name,name\nada,hunter2\n', 'users.csv names the column name twice'],
  [
    'name,token\nada,"hunter2\nx"\n',
    'users.csv, user 1: token holds a line break or a sign that nobody sees',
  ],
])('%j is told without a cell of it', (text, message) => {
  const read = () => beside('users.csv', text).users('users.csv')
  expect(read).toThrow(message)
  expect(read).not.toThrow('hunter2')
})

test('what is no certificate is told', () => {
  const files = beside('ca.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
  expect(files.pem('ca.pem')).toContain('AAAA')
  expect(() => files.pem('other.pem')).toThrow('certificate other.pem cannot be read (ENOENT)')
  expect(() => beside('der.pem', '\u0001\u0002').pem('der.pem')).toThrow(
    'der.pem holds no certificate or key',
  )
})
