import type { ModelRequest } from './model-request.ts'
import { array, type JsonObject, optional, requireFew, string, wrongType } from './request-fields.ts'

/** The sequences in a list of this name that end an answer, of which the API takes at `most` so many. */
export function stopSequences(
  from: JsonObject,
  name: string,
  most: number,
  path = '',
): Pick<ModelRequest, 'stops'> {
  return stopsIn(optional(from, name, array, path) ?? [], most, path + name)
}

/** An empty sequence ends nothing. */
export function stopsIn(list: readonly unknown[], most: number, path: string): Pick<ModelRequest, 'stops'> {
  requireFew(list, path, most)
  const stops = list.map((each, index) => {
    if (!string.is(each)) throw wrongType(`${path}[${index}]`, 'a string', each)
    return each
  })
  const some = stops.filter((stop) => stop !== '')
  return some.length > 0 ? { stops: some } : {}
}
