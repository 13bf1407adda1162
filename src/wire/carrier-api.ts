/**
 * The carrier's part of the provider, under `/_plimsoll/carrier/`:
 *
 *   POST   calls  { call: CA… } → CarrierAnswer, at once or when a call that waits in line has its turn
 *   DELETE calls/SID            → 204: the call is over, or its caller no longer waits
 *   GET    events               → a line of JSON, CarrierEvent, for each thing that others do to a call; it never ends
 *   GET    (nothing)            → CarrierState
 */
export type CarrierAnswer =
  | { readonly state: 'granted'; readonly queuedMs: number }
  | { readonly state: 'refused'; readonly why: 'noChannel' | 'tooFast' }

export interface CarrierEvent {
  readonly call: string
  /** The agent hung up or sent the call elsewhere by REST, or the carrier ended it. */
  readonly event: 'hungUp' | 'handedOff' | 'tooLong'
}

export interface CarrierState {
  readonly active: number
  readonly waiting: number
  readonly most: number
  readonly granted: number
  readonly refused: number
}
