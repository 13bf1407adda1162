/** Begins a run in which every quota is used up, as a probe of a search does. */
export async function emptyQuotas(url: string): Promise<void> {
  const answer = await fetch(`${url}/_plimsoll/reset`, {
    method: 'POST',
    body: JSON.stringify({ runId: 'empty', seed: 3 }),
  })
  if (!answer.ok) throw new Error(await answer.text())
}
