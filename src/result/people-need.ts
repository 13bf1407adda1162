/** People who take conversations over from the agent, for the busiest hour. */
export interface PeopleNeed {
  /** What is handed over: `calls`, or the scenario's name. */
  readonly from: string
  readonly perHour: number
  readonly talkMs: number
  /** Absent where users wait for ever. */
  readonly patienceMs?: number
  readonly withinMs: number
  /** Share to be answered in time, and the share that is with so many people. */
  readonly target: number
  readonly answered: number
  /** Share that gives up waiting. */
  readonly givesUp: number
  /** Conversations that one person holds at once. */
  readonly atOnce: number
  readonly people: number
}
