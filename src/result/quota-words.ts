import { formatCount, formatMs, formatPeople, formatShare } from './figure-text.ts'
import type { CachingEffect, DepthBand, QuotaEffects, ReservationEffect } from './quota-effects.ts'
import type { VerdictLine } from './run.ts'
import { toldLines } from './verdict/words.ts'

/** What max_tokens, the cache and an unpublished bucket cost or save, a line for each. */
export function quotaWords(effects: readonly QuotaEffects[]): VerdictLine[] {
  return effects.flatMap(({ name, reservation, caching, depth }) => {
    const of = effects.length > 1 ? `${name}: ` : ''
    const lines = toldLines([
      ['max_tokens', reservation && reservationText(reservation)],
      ['prompt cache', caching && cachingText(caching)],
      ['bucket depth', depth && depthText(depth)],
    ])
    return lines.map(({ label, text }) => ({ label, text: `${of}${text}` }))
  })
}

function reservationText(effect: ReservationEffect): string {
  const { maxTokens, said, meanOutput, enough, users, usersLost, callsInFlight } = effect
  const what = said ? `${formatCount(maxTokens)} a call` : `not said, so ${formatCount(maxTokens)} a call`
  const held = `${what} are held back where ${formatCount(Math.round(meanOutput))} are used`
  const inFlight =
    callsInFlight === undefined ? '' : `, which lets ${formatCount(callsInFlight)} calls be in flight`
  const cost =
    usersLost > 0
      ? `costs ${people(usersLost)} (${formatPeople(users)} at ${formatCount(enough)}, which 99 % of the answers keep to)`
      : 'costs no users here'
  return `${held}${inFlight}: ${cost}`
}

function cachingText({ share, countsLess, users, usersGained }: CachingEffect): string {
  const cached = `${formatShare(share)} of the input comes from it`
  if (!countsLess) return `${cached}: no users more, for this quota counts it like other input`
  return usersGained > 0
    ? `${cached}: ${people(usersGained)} more than the ${formatPeople(users)} without`
    : `${cached}: no users more here, something else binds`
}

const people = (users: number): string => (users === 1 ? '1 user' : `${formatPeople(users)} users`)

function depthText({ field, assumedMs, lowMs, lowUsers, highMs, highUsers }: DepthBand): string {
  const band =
    lowUsers === highUsers
      ? `${formatPeople(lowUsers)} users either way`
      : `${formatPeople(lowUsers)} users at ${formatMs(lowMs)}, ${formatPeople(highUsers)} at ${formatMs(highMs)}`
  return `not published and taken as ${formatMs(assumedMs)} (${field}): ${band}`
}
