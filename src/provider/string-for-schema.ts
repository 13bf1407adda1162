import type { JsonObject } from '../wire/request-fields.ts'
import { boundOf } from './number-for-schema.ts'
import { accepts, textForPattern } from './text-for-pattern.ts'

const longest = 10_000

/** A string that a schema accepts: the word, with the mark after it where that is free, unless it asks for another. */
export function stringForSchema(schema: JsonObject, word: string, mark: string | undefined): string {
  const { format, pattern } = schema
  const usual = typeof format === 'string' && Object.hasOwn(formats, format) ? formats[format] : undefined
  const least = Math.min(boundOf(schema['minLength']) ?? 0, longest)
  if (typeof pattern === 'string' && !(usual !== undefined && accepts(pattern, usual)))
    return textForPattern(pattern, least) ?? usual ?? 'a'
  if (usual !== undefined) return usual
  const most = boundOf(schema['maxLength']) ?? Infinity
  const marked = mark === undefined ? word : `${word} ${mark}`
  return (marked.length <= most ? marked : word.slice(0, most)).padEnd(least, ' and more')
}

const formats: Readonly<Record<string, string>> = {
  'date-time': '2026-11-21T09:30:00Z',
  date: '2026-11-21',
  time: '09:30:00Z',
  duration: 'P1D',
  email: 'user@example.com',
  'idn-email': 'user@example.com',
  hostname: 'example.com',
  'idn-hostname': 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  cidrv4: '192.0.2.0/24',
  cidrv6: '2001:db8::/32',
  uuid: '7f8c1a52-93b0-4d1e-8f4a-2b6c5d4e3f10',
  uri: 'https://example.com/',
  'uri-reference': '/orders/1001',
  iri: 'https://example.com/',
  'json-pointer': '/orders/0',
  regex: '^a$',
  byte: 'b3JkZXI=',
  base64: 'b3JkZXI=',
  jwt: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMDAxIn0.c2lnbmVk',
}
