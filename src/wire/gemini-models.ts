const most = 1000
const usual = 50

/** A model as `GET /v1beta/models/:id` tells it. */
export function geminiModel(id: string) {
  return {
    name: `models/${id}`,
    version: '001',
    displayName: id,
    inputTokenLimit: 1_048_576,
    outputTokenLimit: 65_536,
    supportedGenerationMethods: ['generateContent', 'countTokens'],
  }
}

/** A page of the list: at most `pageSize`, from where `pageToken` says. */
export function geminiModelPage(ids: readonly string[], query: URLSearchParams) {
  const size = Math.min(most, Math.max(1, Math.floor(Number(query.get('pageSize') ?? usual)) || usual))
  const start = Math.max(0, Math.floor(Number(query.get('pageToken') ?? 0)) || 0)
  const end = Math.min(ids.length, start + size)
  return {
    models: ids.slice(start, end).map(geminiModel),
    ...(end < ids.length ? { nextPageToken: String(end) } : {}),
  }
}
