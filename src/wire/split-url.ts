/** Path and query of a request's URL, as its first line has it: `/voice?priority=2`. */
export function splitUrl(url = ''): { readonly path: string; readonly query: string } {
  const mark = url.indexOf('?')
  return mark < 0 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) }
}
