/** A model as `GET /v1/models/:id` tells it; it has no date of birth, which is told as the beginning of time. */
export function anthropicModel(id: string) {
  return { type: 'model', id, display_name: id, created_at: '1970-01-01T00:00:00Z' }
}

const most = 1000

/** A page of the list: at most `limit`, after `after_id` or before `before_id`. */
export function anthropicModelPage(ids: readonly string[], query: URLSearchParams) {
  const limit = Math.min(most, Math.max(1, Math.floor(Number(query.get('limit') ?? 20)) || 20))
  const before = ids.indexOf(query.get('before_id') ?? '')
  const start = before >= 0 ? Math.max(0, before - limit) : ids.indexOf(query.get('after_id') ?? '') + 1
  const end = before >= 0 ? before : Math.min(ids.length, start + limit)
  const page = ids.slice(start, end)
  return {
    data: page.map(anthropicModel),
    has_more: before >= 0 ? start > 0 : end < ids.length,
    first_id: page[0] ?? null,
    last_id: page.at(-1) ?? null,
  }
}
