import type { ModelRequest } from './model-request.ts'
import { array, type JsonObject, optional, string, wrongType } from './request-fields.ts'

/** The sequences in a list of this name that end an answer. */
export function stopSequences(from: JsonObject, name: string, path = ''): Pick<ModelRequest, 'stops'> {
  return stopsIn(optional(from, name, array, path) ?? [], path + name)
}

/** An empty sequence ends nothing. */
export function stopsIn(list: readonly unknown[], path: string): Pick<ModelRequest, 'stops'> {
  const stops = list.map((each, index) => {
    if (!string.is(each)) throw wrongType(`${path}[${index}]`, 'a string', each)
    return each
  })
  const some = stops.filter((stop) => stop !== '')
  return some.length > 0 ? { stops: some } : {}
}
