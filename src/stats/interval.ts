/** Both ends of an interval, 95 % unless said otherwise. */
export type Interval = readonly [low: number, high: number]
