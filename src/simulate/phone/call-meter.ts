import type { ErrorKind, Outcome } from '../../result/records.ts'
import type { Clients } from '../clients.ts'
import { Meter } from '../meter.ts'

/** What the agent came to in a turn, which ends for the caller only when the answer has been heard. */
export interface AgentsTurn {
  tokens: number
  outcome: Outcome
  errorKind: ErrorKind
}

/** A meter whose turns are those of callers: what the agent tells of a turn is kept until it has been heard. */
export class CallMeter extends Meter {
  readonly last: AgentsTurn = { tokens: 0, outcome: 'completed', errorKind: 'none' }

  override turnEnded(
    _clients: Clients,
    _client: number,
    tokens: number,
    outcome: Outcome,
    errorKind: ErrorKind,
  ): void {
    this.last.tokens = tokens
    this.last.outcome = outcome
    this.last.errorKind = errorKind
  }

  /** The caller's turn is over, at its `endedAtMs`; `frames` of the answer were heard. */
  heard(clients: Clients, client: number, frames: number, outcome: Outcome, errorKind: ErrorKind): void {
    super.turnEnded(clients, client, frames, outcome, errorKind, 0)
  }
}
