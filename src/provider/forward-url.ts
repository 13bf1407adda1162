import type { IncomingMessage } from 'node:http'
import { apiOf } from './spoken-api.ts'

/** A path, of which that of the base is left out where it stands at its beginning: its caller knows the whole address. */
export function pathWithin(base: string, path: string): string {
  const prefix = prefixOf(base)
  return prefix !== '' && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path
}

/**
 * Where a request goes whose path is of a client that has the base as its address. A base that names a version takes the
 * place of the path's own: clients of OpenAI's API have it in their address (`…/v1beta/openai`), and to others it is the
 * end of what is theirs (`…/v1`).
 */
export function forwardUrl(base: string, request: Pick<IncomingMessage, 'url' | 'headers'>): URL {
  const { url: path = '/' } = request
  const prefix = prefixOf(base)
  const segments = prefix.split('/').slice(apiOf(request) === 'openai' ? 0 : -1)
  const isVersioned = segments.some((segment) => version.test(segment))
  return new URL(new URL(base).origin + prefix + (isVersioned ? path.replace(versionFirst, '') : path))
}

const prefixOf = (base: string): string => new URL(base).pathname.replace(/\/+$/, '')

const version = /^v\d+(?:(?:alpha|beta)\d*)?$/
const versionFirst = /^\/v\d+(?:(?:alpha|beta)\d*)?(?=\/)/
