import { Markup } from './markup.ts'

/** The Plimsoll mark: a circle with the load line through it. */
export const mark = new Markup(
  '<svg class="mark" viewBox="0 0 48 48" width="40" height="40" aria-hidden="true">' +
    '<circle cx="24" cy="24" r="14" fill="none" stroke="currentColor" stroke-width="4"/>' +
    '<path d="M2 24h44" stroke="currentColor" stroke-width="4"/></svg>',
)

/** The same as an icon that needs no request. */
export const iconHref =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><circle cx="24" cy="24" r="14" fill="none" stroke="#2469b3" stroke-width="5"/><path d="M2 24h44" stroke="#2469b3" stroke-width="5"/></svg>',
  )
