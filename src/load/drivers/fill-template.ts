import type { JsonTemplate, RequestTemplate } from '../../workload/target.ts'
import type { UserRow } from '../../workload/target-access.ts'
import type { DriverTurn } from '../driver.ts'
import type { HttpRequest } from './http-client.ts'

/** What stands for the placeholders of a template. */
export interface TemplateValues {
  readonly text: string
  /** Undefined while the target has not named the session. */
  readonly session: string | undefined
  readonly user: string
  readonly turn: string
  readonly traceparent: string
  readonly job?: string
}

/** ...and for `${user.column}`. */
export interface RowValues {
  readonly row?: UserRow | undefined
}

/** A session's name where the target takes ours: no other run has it, since the trace id names the run. */
export const ownName = ({ traceparent, session }: Pick<DriverTurn, 'traceparent' | 'session'>): string =>
  `plimsoll-${traceparent.slice(11, 19)}-${session}`

const placeholder = /\{(\{[A-Za-z]\w*\})\}|\{([A-Za-z]\w*)\}|\$\{user\.([^}]+)\}/g

/** The text with its placeholders filled in, once: what a value says in braces stays as it is. */
export function fillText(
  template: string,
  values: TemplateValues & RowValues,
  encode: (value: string) => string = (value) => value,
): string {
  const fill = (whole: string, escaped?: string, name?: string, column?: string): string => {
    if (escaped !== undefined) return escaped
    if (column !== undefined) return encode(values.row?.[column] ?? '')
    return Object.hasOwn(values, name!) ? encode(values[name as keyof TemplateValues] ?? '') : whole
  }
  return template.replaceAll(placeholder, fill)
}

/** The JSON with its placeholders filled in. An entry that is nothing but an unknown session is left out. */
export function fillJson(template: JsonTemplate, values: TemplateValues & RowValues): unknown {
  if (typeof template === 'string') return fillText(template, values)
  if (typeof template !== 'object' || template === null) return template
  const isKnown = (each: JsonTemplate): boolean => values.session !== undefined || each !== '{session}'
  if (Array.isArray(template))
    return template.filter(isKnown).map((each: JsonTemplate) => fillJson(each, values))
  const entries = Object.entries(template as Readonly<Record<string, JsonTemplate>>)
  return Object.fromEntries(
    entries.filter(([, each]) => isKnown(each)).map(([key, each]) => [key, fillJson(each, values)]),
  )
}

/** A path whose values cannot leave their segment. */
export function fillPath(template: string, values: TemplateValues & RowValues): string {
  return fillText(template, values, percentEncoded).replace(/[^\u0021-\u007e]+/g, percentEncoded)
}

const percentEncoded = (value: string): string => encodeURIComponent(value.toWellFormed())

/** A request as it is sent; `headers` come before the template's own. */
export function fillRequest(
  template: RequestTemplate,
  values: TemplateValues & RowValues,
  headers: readonly string[],
  session: number,
): HttpRequest {
  const body = bodyOf(template, values)
  const defaults = [...headers, ...(body === undefined ? [] : ['content-type', typeOf(template)])]
  return {
    method: template.method,
    path: fillPath(template.path, values),
    headers: fillHeaders(template.headers, values, defaults),
    ...(body === undefined ? {} : { body }),
    session,
  }
}

/** Names and values in turn: the template's own go before the usual ones, whatever their case. */
export function fillHeaders(
  template: Readonly<Record<string, string>>,
  values: TemplateValues & RowValues,
  usual: readonly string[],
): string[] {
  const own = Object.entries(template).flatMap(([name, value]) =>
    value === '{session}' && values.session === undefined ? [] : [name, fillText(value, values, headerValue)],
  )
  const named = new Set(own.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase()))
  return [...usual.filter((_, i) => !named.has(usual[i - (i % 2)]!.toLowerCase())), ...own]
}

/** Beyond plain letters and signs, no two servers read a header alike. */
export const headerValue = (value: string): string => value.replace(/[^\t\u0020-\u007e]+/g, percentEncoded)

const typeOf = ({ form }: RequestTemplate): string =>
  form ? 'application/x-www-form-urlencoded' : 'application/json'

function bodyOf({ body, form }: RequestTemplate, values: TemplateValues & RowValues): string | undefined {
  if (body !== undefined) return JSON.stringify(fillJson(body, values))
  if (form === undefined) return undefined
  const entries = Object.entries(fillJson(form, values) as Record<string, string>)
  return new URLSearchParams(entries).toString()
}
