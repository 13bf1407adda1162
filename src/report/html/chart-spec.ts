/** What a series is drawn as; colours come from the style sheet, so that they follow the reader's scheme. */
export interface ChartSeries {
  readonly label: string
  /** Name of a CSS custom property without its dashes: `solved`. */
  readonly color: string
  readonly style: 'line' | 'dashed' | 'thin' | 'thin-dashed' | 'points' | 'hollow'
  readonly values: readonly (number | null)[]
  readonly low?: readonly (number | null)[]
  readonly high?: readonly (number | null)[]
}

/** A chart, in the units of its axes: the page's script draws it and computes nothing. */
export interface ChartSpec {
  readonly id: string
  readonly title: string
  readonly xLabel: string
  /** In words, along the axis: `seconds`. */
  readonly yLabel: string
  /** Behind a number; empty for counts. */
  readonly yUnit: string
  readonly xs: readonly number[]
  readonly series: readonly ChartSeries[]
  /** The capacity with its interval, and where to run. */
  readonly capacity?: {
    readonly at: number
    readonly low?: number
    readonly high?: number
    readonly runAt: number
  }
  /** What lies before is the warm-up. */
  readonly countedFrom?: number
  readonly limit?: { readonly value: number; readonly label: string }
  /** Nothing above is drawn. */
  readonly yMax?: number
  readonly tall?: boolean
}
