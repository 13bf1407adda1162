type Paint = (text: string) => string

/** The few colours a terminal report uses; an object of picocolors is one. */
export interface Palette {
  readonly bold: Paint
  readonly dim: Paint
  readonly green: Paint
  readonly red: Paint
  readonly yellow: Paint
  readonly cyan: Paint
}

/** No colours: every text stays as it is. */
export const plainPalette: Palette = {
  bold: (text) => text,
  dim: (text) => text,
  green: (text) => text,
  red: (text) => text,
  yellow: (text) => text,
  cyan: (text) => text,
}
