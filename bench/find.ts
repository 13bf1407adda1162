/**
 * How near the search comes to capacities that are known exactly, over 40 seeds: root mean square error, bias, how
 * often its 95 % interval holds the truth, and trials spent. A trial is 14,000 to 20,000 answers.
 *
 *   npm run bench:find -- --seeds 40 --probes 12 --guess 0.8 --together 4
 */
import { parseArgs } from 'node:util'
import { exactCases, searchExact } from '../src/find/fixture-runners.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '40' },
    probes: { type: 'string', default: '12' },
    guess: { type: 'string', default: '0.8' },
    together: { type: 'string', default: '1' },
  },
})

console.log(
  `${values.probes} trials at most, ${values.together} at a time, first guess ${values.guess} × the capacity`,
)
console.log(
  '                                                         capacity    RMSE    bias  covered  width  trials',
)
for (const exact of exactCases) {
  const errors: number[] = []
  let [covered, width, trials] = [0, 0, 0]
  for (let seed = 0; seed < Number(values.seeds); seed++) {
    const found = await searchExact(exact, {
      seed,
      probes: Number(values.probes),
      guess: Number(values.guess),
      together: Number(values.together),
    })
    errors.push(found.value / exact.capacity - 1)
    if (found.low <= exact.crossing && exact.crossing <= found.high) covered++
    width += (found.high - found.low) / exact.capacity
    trials += found.trials
  }
  const count = errors.length
  const percent = (value: number): string => `${(100 * value).toFixed(2)} %`.padStart(8)
  const bias = errors.reduce((sum, error) => sum + error, 0) / count
  const rmse = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / count)
  console.log(
    `${exact.name.padEnd(57)}${exact.capacity.toFixed(4).padStart(8)}${percent(rmse)}${percent(bias)}` +
      `${percent(covered / count)}${percent(width / count)}${(trials / count).toFixed(1).padStart(6)}`,
  )
}
