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
  const { path, hasHeaders, body } = preparedOf(template)
  const text = body ? body(values) : undefined
  const defaults = text === undefined ? headers : [...headers, 'content-type', typeOf(template)]
  return {
    method: template.method,
    path: path ?? fillPath(template.path, values),
    headers: hasHeaders ? fillHeaders(template.headers, values, defaults) : defaults,
    ...(text === undefined ? {} : { body: text }),
    session,
  }
}

/** What of a template is the same in every request, worked out once. */
interface Prepared {
  /** Undefined where it holds placeholders. */
  readonly path: string | undefined
  readonly hasHeaders: boolean
  readonly body: ((values: TemplateValues & RowValues) => string) | undefined
}

const prepared = new WeakMap<RequestTemplate, Prepared>()

function preparedOf(template: RequestTemplate): Prepared {
  let known = prepared.get(template)
  if (!known) {
    known = {
      path: hasPlaceholder(template.path) ? undefined : fillPath(template.path, nothing),
      hasHeaders: Object.keys(template.headers).length > 0,
      body: bodyWriter(template),
    }
    prepared.set(template, known)
  }
  return known
}

const hasPlaceholder = (text: string): boolean => text.search(placeholder) >= 0
const nothing = { text: '', session: undefined, user: '', turn: '', traceparent: '' }

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

function bodyWriter({ body, form }: RequestTemplate): Prepared['body'] {
  if (body !== undefined) return jsonWriter(body)
  if (form === undefined) return undefined
  return (values) =>
    new URLSearchParams(Object.entries(fillJson(form, values) as Record<string, string>)).toString()
}

/** Writes what `fillJson` fills in, as JSON: what holds no placeholder is written once for all requests. */
function jsonWriter(template: JsonTemplate): (values: TemplateValues & RowValues) => string {
  const fixed: string[] = ['']
  const filled: string[] = []
  const add = (json: string): void => void (fixed[fixed.length - 1] += json)
  const leaveOut = { session: false }
  walk(template)

  function walk(part: JsonTemplate): void {
    if (typeof part === 'string' && hasPlaceholder(part)) {
      if (part === '{session}') leaveOut.session = true
      filled.push(part)
      fixed.push('')
    } else if (typeof part !== 'object' || part === null) add(JSON.stringify(part))
    else if (Array.isArray(part)) {
      add('[')
      part.forEach((each: JsonTemplate, i) => {
        if (i > 0) add(',')
        walk(each)
      })
      add(']')
    } else {
      add('{')
      Object.entries(part as Readonly<Record<string, JsonTemplate>>).forEach(([key, each], i) => {
        add(`${i > 0 ? ',' : ''}${JSON.stringify(key)}:`)
        walk(each)
      })
      add('}')
    }
  }

  return (values) => {
    if (leaveOut.session && values.session === undefined) return JSON.stringify(fillJson(template, values))
    let text = fixed[0]!
    for (let i = 0; i < filled.length; i++) {
      const part = filled[i]!
      text += JSON.stringify(part === '{text}' ? values.text : fillText(part, values)) + fixed[i + 1]!
    }
    return text
  }
}
