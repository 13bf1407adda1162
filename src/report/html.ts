import type { Run } from '../result/run.ts'
import type { Summary } from '../result/summary.ts'
import { loadText } from '../result/load-words.ts'
import { agreementOf } from './agreement.ts'
import { capacityAnswers, columnsOf, headlineAnswer, isInvalid, levelAnswers } from './answers.ts'
import { clean } from './clean.ts'
import { assumedSection, inputsSection, sensitivitySection } from './html/advice-sections.ts'
import { capacityCharts } from './html/capacity-charts.ts'
import { figures } from './html/figures.ts'
import { errorsSection, servicesSection, turnTimeSection } from './html/load-sections.ts'
import { leverSection } from './html/lever-section.ts'
import { mark } from './html/mark.ts'
import { type Markup, markup } from './html/markup.ts'
import { notedSection } from './html/noted-section.ts'
import { page } from './html/page.ts'
import { partsSection } from './html/parts-section.ts'
import { briefSection, derivationsSection } from './html/plan-parts-sections.ts'
import { planTableSections } from './html/plan-table-sections.ts'
import { rangeSection } from './html/range-section.ts'
import { instantText, levelSection, machineSection } from './html/run-sections.ts'
import { seriesCharts } from './html/series-charts.ts'
import { turnSection } from './html/turn-section.ts'
import {
  answersSection,
  banners,
  objectivesSection,
  speedNote,
  verdictSection,
} from './html/verdict-section.ts'
import type { Reporter } from './reporter.ts'

/** The run as one page that needs nothing else: verdict first, then pictures with the numbers behind them. */
export const html: Reporter = (dirty: Run) => {
  const run = clean(dirty)
  const capacities = capacityAnswers(run)
  const levels = levelAnswers(run)
  const answers = capacities.length > 0 ? capacities : levels
  const headline = headlineAnswer(answers)
  const againstLevel = capacityCharts(answers)
  const series = [headline, ...answers].find((answer) => answer?.summary?.series)?.summary
  const overTime = seriesCharts(series)
  const standing = capacities.length > 0 || !headline || isInvalid(headline) ? undefined : headline.summary
  const isOneLevel = capacities.length === 0 && levels.length === 1
  const body = markup`<main>
${header(run)}
${banners(run, answers)}
${verdictSection(run, standing)}
${briefSection(run.brief)}
${speedNote(run)}
${planTableSections(run)}
${isOneLevel ? undefined : answersSection(columnsOf(run, answers), agreementOf(answers))}
${figures(againstLevel)}
${headline && objectivesSection(headline)}
${levels.map(levelSection)}
${capacities.length > 0 ? undefined : levels.map(partsSection)}
${headline && notedSection(headline)}
${turnTimeSection(answers)}
${headline && turnSection(headline)}
${pair(headline && servicesSection(headline), errorsSection(answers))}
${rangeSection(answers)}
${pair(leverSection(answers), sensitivitySection(answers))}
${pair(headline && assumedSection(headline), inputsSection(run))}
${figures(overTime, overTimeTitle(series))}
${derivationsSection(run.derivations)}
${machineSection(run, headline)}
<footer>Written by Plimsoll ${run.version}. This page holds no text of any conversation, no host and no token, and asks nothing of the network.</footer>
</main>`
  return page({ title: `${run.workload.name} · Plimsoll`, body, charts: [...againstLevel, ...overTime] })
}

function overTimeTitle(summary: Summary | undefined): string {
  return summary ? `Over time, ${summary.origin} at ${loadText(summary)}` : ''
}

function header(run: Run): Markup {
  return markup`<header>${mark}<div><h1>${run.workload.name}</h1><p>Plimsoll, ${instantText(run.startedAt)}</p></div></header>`
}

function pair(one: Markup | undefined, other: Markup | undefined): Markup | undefined {
  return one || other ? markup`<div class="pair">${one}${other}</div>` : undefined
}
