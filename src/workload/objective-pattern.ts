import { type Metric, metricNames, metrics } from './metrics.ts'

/** What an editor takes for an objective in our own words; a pattern of JavaScript and of JSON Schema. */
export const objectivePattern = String.raw`^(?:\[.+\]\s*)?(?:(?:${names(isTimed)})(?:\{.+\})?\s+(?:p\d+(?:\.\d+)?|mean)\s*<|(?:${names(isLess)})(?:\{.+\})?\s*<|(?:${names(isMore)})(?:\{.+\})?\s*>)\s*\S+$`

/** The same of a threshold in k6's grammar; the name of a measure may be a script's own. */
export const thresholdPattern = String.raw`^\w+(?:\{.+\})?\s*:?\s*(?:p\(.+\)|avg|med|rate)\s*[<>]=?.+$`

/** A measure that a script keeps: it has no name that a metric has. */
export const scriptPattern = String.raw`^(?!(?:${names(() => true)})\b)\w+(?:\{.+\})?\s*:?\s*(?:p\(?\d+(?:\.\d+)?\)?|avg|mean|med|rate|count|min|max)\s*[<>]=?\s*\S+$`

function names(wanted: (metric: Metric) => boolean): string {
  return metricNames
    .filter((name) => wanted(metrics[name]))
    .flatMap((name) => [name, ...metrics[name].aliases])
    .join('|')
}

function isTimed({ unit }: Metric): boolean {
  return unit !== 'share'
}

function isLess({ unit, better }: Metric): boolean {
  return unit === 'share' && better === 'lower'
}

function isMore({ unit, better }: Metric): boolean {
  return unit === 'share' && better === 'higher'
}
