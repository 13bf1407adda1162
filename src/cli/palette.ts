import pc from 'picocolors'

/** The colours of a report, or none. */
export function palette(color: boolean): ReturnType<typeof pc.createColors> {
  return pc.createColors(color)
}
