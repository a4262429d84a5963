import { Repeat } from 'lucide-react'
import type { Cohort, CohortsAnswer } from '@/client/api'
import { count, counted, money, moneyCompact, month, percent } from '@/lib/format'
import { heat } from '@/lib/heat'
import { Card } from '@/ui/Card'
import { Message } from '@/ui/Message'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { Segments } from '@/ui/Segments'
import { CsvButton } from '../CsvButton'
import { FailedReport } from '../faces'
import { type CohortView, type CustomersSearch, fileName } from '../filters'
import { Opens } from '../Opens'
import { ANALYTICS, useCohorts } from '../queries'
import { useCsv } from '../useCsv'
import type { Go } from './CustomersPage'

const MOST_PERIODS = 24

/** Of those who first bought in a month, who came back in the months after. */
export function CohortsCard({ search, go }: { search: CustomersSearch; go: Go }) {
  const view = search.cohorts ?? 'retention'
  // The triangle knows one channel or all of them together.
  const channel = search.channel?.length === 1 ? search.channel[0] : undefined
  const query = useCohorts(channel)
  const csv = useCsv()
  const { data: answer } = query
  return (
    <Card
      title="Who came back"
      note={
        search.channel && search.channel.length > 1
          ? 'by month of the first order, all channels together'
          : 'by month of the first order'
      }
      className="lg:col-span-12"
      actions={
        <>
          <Segments
            label="Show in the triangle"
            options={[
              { value: 'retention', label: 'Customers' },
              { value: 'revenue', label: 'Revenue' },
            ]}
            value={view}
            onChange={(cohorts) => go({ ...search, cohorts })}
          />
          <CsvButton
            csv={csv}
            of="cohorts"
            file={{
              path: `${ANALYTICS}/cohorts`,
              params: { channel },
              name: fileName('cohorts', channel),
            }}
          />
        </>
      }
    >
      {query.error && !answer && <FailedReport query={query} className="min-h-72" />}
      {!answer && !query.error && <RowsSkeleton rows={8} height={38} />}
      {answer?.cohorts.length === 0 && (
        <Message icon={Repeat} title="No cohort yet" className="min-h-72">
          The first one is there when somebody has ordered.
        </Message>
      )}
      {answer && answer.cohorts.length > 0 && <Triangle answer={answer} view={view} />}
    </Card>
  )
}

function Triangle({ answer, view }: { answer: CohortsAnswer; view: CohortView }) {
  const { cohorts, average, currency } = answer
  const longest = Math.max(...cohorts.map(({ periods }) => periods.length))
  const periods = Array.from({ length: Math.min(longest, MOST_PERIODS + 1) }, (_, index) => index)
  // Everybody is there in the month of the first order: what is told apart comes after it.
  const most = Math.max(
    0,
    ...cohorts.flatMap((cohort) =>
      cohort.periods
        .filter(({ period }) => period > 0)
        .map((step) => (view === 'retention' ? (step.retention ?? 0) : step.revenue)),
    ),
  )
  return (
    <section
      aria-label="Cohorts, table"
      // A box that scrolls must be reachable by keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      // Placed, so that what is only read aloud inside scrolls with it and does not widen the page.
      className="relative overflow-x-auto px-4 pb-4 sm:px-5"
    >
      <table className="num w-full min-w-max border-separate border-spacing-0.5 text-center text-[0.8125rem]">
        <caption className="sr-only">
          Cohorts by month of the first order, with{' '}
          {view === 'retention' ? 'the share that ordered again' : 'the revenue'} in each month
          after
        </caption>
        <thead className="text-xs text-muted">
          <tr className="[&>th]:h-8 [&>th]:font-medium">
            <th scope="col" className="sticky left-0 z-1 bg-card pr-2 text-left">
              First order
            </th>
            <th scope="col" className="pr-2 text-right">
              Customers
            </th>
            {periods.map((period) => (
              <th key={period} scope="col" className="min-w-12">
                <span className="sr-only">Month </span>
                {period === 0 ? 'First' : `+${period}`}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cohorts.map((cohort) => (
            <CohortRow key={cohort.month} {...{ cohort, periods, view, most, currency }} />
          ))}
        </tbody>
        {view === 'retention' && average.length > 0 && (
          <tfoot>
            <tr className="[&>*]:h-9">
              <th scope="row" className="sticky left-0 z-1 bg-card pr-2 text-left font-medium">
                All together
              </th>
              <td />
              {periods.map((period) => {
                const step = average.find((one) => one.period === period)
                return (
                  <td key={period} className="font-medium">
                    {step ? percent(step.retention) : ''}
                  </td>
                )
              })}
            </tr>
          </tfoot>
        )}
      </table>
    </section>
  )
}

type CohortRowProps = {
  cohort: Cohort
  periods: number[]
  view: CohortView
  most: number
  currency: string
}

function CohortRow({ cohort, periods, view, most, currency }: CohortRowProps) {
  const name = month(cohort.month)
  return (
    <tr className="[&>*]:h-9">
      <th
        scope="row"
        className="sticky left-0 z-1 bg-card pr-2 text-left font-normal whitespace-nowrap"
      >
        <Opens metric="retention" url={cohort.explain} of={name}>
          {name}
        </Opens>
      </th>
      <td className="pr-2 text-right">{count(cohort.size)}</td>
      {periods.map((period) => {
        const step = cohort.periods.find((one) => one.period === period)
        if (!step) return <td key={period} />
        const value = view === 'retention' ? step.retention : step.revenue
        return (
          <td
            key={period}
            title={`${name}, ${period === 0 ? 'same month' : counted(period, 'month') + ' later'}: ${counted(
              step.customers,
              'customer',
            )} (${percent(step.retention)}), ${money(step.revenue, currency)}`}
            className={`min-w-12 rounded px-1 ${period === 0 ? 'bg-sunk text-muted' : ''}`}
            style={period === 0 ? undefined : { background: heat(most ? (value ?? 0) / most : 0) }}
          >
            {view === 'retention' ? percent(step.retention) : moneyCompact(step.revenue, currency)}
          </td>
        )
      })}
    </tr>
  )
}
