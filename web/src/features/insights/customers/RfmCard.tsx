import type { CustomersAnswer, RfmCell } from '@/client/api'
import { count, countCompact, counted, money, moneyCompact } from '@/lib/format'
import { heat } from '@/lib/heat'
import { Card } from '@/ui/Card'
import { Segments } from '@/ui/Segments'
import type { CustomersSearch, RfmView } from '../filters'
import { Opens } from '../Opens'
import type { Go } from './CustomersPage'

const SCORES = [1, 2, 3, 4, 5] as const

type RfmCardProps = { answer: CustomersAnswer | null; search: CustomersSearch; go: Go }

/** Customers by how lately and how often they bought. */
export function RfmCard({ answer, search, go }: RfmCardProps) {
  const view = search.rfm ?? 'customers'
  return (
    <Card
      title="Recency and frequency"
      className="min-h-[26rem] lg:col-span-7"
      actions={
        <Segments
          label="Show in the grid"
          options={[
            { value: 'customers', label: 'Customers' },
            { value: 'revenue', label: 'Revenue' },
          ]}
          value={view}
          onChange={(rfm) => go({ ...search, rfm })}
        />
      }
    >
      {answer ? (
        <Grid cells={answer.rfm_grid} view={view} currency={answer.currency} />
      ) : (
        <div className="waiting flex-1 px-4 pb-4 sm:px-5">
          <div className="skeleton h-80 w-full rounded-lg" />
        </div>
      )}
    </Card>
  )
}

type GridProps = { cells: RfmCell[]; view: RfmView; currency: string }

function Grid({ cells, view, currency }: GridProps) {
  const at = new Map(cells.map((cell) => [`${cell.recency} ${cell.frequency}`, cell]))
  const most = Math.max(0, ...cells.map((cell) => cell[view]))
  return (
    <div className="flex flex-1 flex-col px-4 pb-4 sm:px-5">
      <table className="num w-full flex-1 table-fixed border-separate border-spacing-1 text-center">
        <caption className="sr-only">
          Customers by recency score, from 5, bought lately, to 1, and frequency score, from 1,
          bought once, to 5
        </caption>
        <thead>
          <tr className="text-xs text-muted">
            <th scope="col" className="w-16 pb-1 text-left font-medium">
              <span className="sr-only">Recency</span>
            </th>
            {SCORES.map((frequency) => (
              <th key={frequency} scope="col" className="pb-1 font-medium">
                <span className="sr-only">Frequency </span>
                {frequency}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {SCORES.toReversed().map((recency) => (
            <tr key={recency}>
              <th scope="row" className="text-left text-xs font-medium text-muted">
                <span className="sr-only">Recency </span>
                {recency}
                {recency === 5 && ' lately'}
                {recency === 1 && ' long ago'}
              </th>
              {SCORES.map((frequency) => (
                <Cell
                  key={frequency}
                  cell={at.get(`${recency} ${frequency}`)}
                  {...{ view, most, currency }}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p aria-hidden className="mt-1 flex justify-between pl-17 text-xs text-muted">
        <span>bought once</span>
        <span>often</span>
      </p>
    </div>
  )
}

type CellProps = { cell: RfmCell | undefined; view: RfmView; most: number; currency: string }

function Cell({ cell, view, most, currency }: CellProps) {
  if (!cell || cell.customers === 0) {
    return <td className="h-13 rounded-md bg-sunk text-muted">0</td>
  }
  return (
    <td
      title={`${counted(cell.customers, 'customer')}, ${money(cell.revenue, currency)}`}
      className="h-13 rounded-md font-medium"
      // Small values must stay apart too: the square root spreads them.
      style={{ background: heat(Math.sqrt(Math.max(0, cell[view]) / most)) }}
    >
      <Opens
        metric="customers"
        url={cell.explain}
        of={`recency ${cell.recency}, frequency ${cell.frequency}`}
        className="size-full"
      >
        <span className="sm:hidden">
          {view === 'customers'
            ? countCompact(cell.customers)
            : moneyCompact(cell.revenue, currency)}
        </span>
        <span className="max-sm:hidden">
          {view === 'customers' ? count(cell.customers) : moneyCompact(cell.revenue, currency)}
        </span>
      </Opens>
    </td>
  )
}
