import clsx from 'clsx'
import type { ClassCell, ClassMatrix, Plan } from '@/client/api'
import { count, counted, money, moneyCompact, percent } from '@/lib/format'
import { heat } from '@/lib/heat'
import { Card } from '@/ui/Card'
import { FailedQuery } from '@/ui/Failed'
import { FilterChips } from '@/ui/FilterChips'
import { Head, Table } from '@/ui/Table'
import type { PlanningSearch } from '../filters'
import { ClassedProducts } from './ClassedProducts'
import type { Go } from './PlanningPage'
import { useMatrix } from './queries'
import { ABC, CLASS_WORDS, PACES, XYZ } from './words'

type ClassesViewProps = { search: PlanningSearch; go: Go; plan: Plan | undefined }

/** What earns and how evenly it sells, what lies still, and the products of what is chosen. */
export function ClassesView({ search, go, plan }: ClassesViewProps) {
  const query = useMatrix()
  const matrix = query.data
  const { abc, xyz, pace } = search
  const chips = [
    abc && { key: 'abc', label: `${abc}: ${CLASS_WORDS[abc]}`, rest: { abc: undefined } },
    xyz && {
      key: 'xyz',
      label: xyz === 'none' ? 'Too new to say' : `${xyz}: ${CLASS_WORDS[xyz]}`,
      rest: { xyz: undefined },
    },
    pace && { key: 'pace', label: PACES[pace]?.label ?? pace, rest: { pace: undefined } },
  ].flatMap((chip) =>
    chip
      ? [{ key: chip.key, label: chip.label, onRemove: () => go({ ...search, ...chip.rest }) }]
      : [],
  )
  if (query.error && !matrix) return <FailedQuery query={query} />
  return (
    <>
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-12">
        <Card title="What earns, and how evenly it sells" className="lg:col-span-8">
          {matrix ? (
            <Cells matrix={matrix} search={search} go={go} />
          ) : (
            <div className="skeleton m-5 h-72" />
          )}
        </Card>
        <Card title="What lies still" className="lg:col-span-4">
          {matrix ? (
            <Paces matrix={matrix} search={search} go={go} />
          ) : (
            <div className="skeleton m-5 h-72" />
          )}
        </Card>
      </div>
      <FilterChips chips={chips} onClear={() => go({ view: 'classes' })} />
      {plan && <ClassedProducts search={search} currency={plan.currency} title={titleOf(search)} />}
    </>
  )
}

function titleOf({ abc, xyz, pace }: PlanningSearch): string {
  if (pace) return `${PACES[pace]?.label ?? pace} products`
  if (!abc && !xyz) return 'Products by what they earned'
  return `Products in ${abc ?? ''}${xyz === 'none' ? ' too new to say' : (xyz ?? '')}`
}

type MatrixProps = { matrix: ClassMatrix; search: PlanningSearch; go: Go }

function Cells({ matrix, search, go }: MatrixProps) {
  const { cells, plan } = matrix
  const of = (abc: string, xyz: string) =>
    cells.find((cell) => cell.abc === abc && (cell.xyz ?? 'none') === xyz)
  const columns = XYZ.filter((xyz) => xyz !== 'none' || cells.some((cell) => cell.xyz === null))
  return (
    <div className="px-2 pb-3 sm:px-3">
      <Table
        label="Products by what they earn (rows) and how evenly they sell (columns)"
        className="table-fixed"
      >
        <thead>
          <tr>
            <Head className="w-16 border-b-0! sm:w-28">
              <span className="sr-only">Class</span>
            </Head>
            {columns.map((xyz) => (
              <Head key={xyz} className="border-b-0! px-2! text-center!">
                {xyz === 'none' ? 'New' : xyz}
                <span className="block font-normal max-sm:hidden">{CLASS_WORDS[xyz]}</span>
              </Head>
            ))}
          </tr>
        </thead>
        <tbody>
          {ABC.map((abc) => (
            <tr key={abc}>
              <th scope="row" className="px-2 text-left text-xs font-medium text-muted sm:px-3">
                <span className="text-base font-semibold text-ink">{abc}</span>
                <span className="block font-normal max-sm:hidden">{CLASS_WORDS[abc]}</span>
              </th>
              {columns.map((xyz) => (
                <td key={xyz} className="p-1">
                  <Cell
                    cell={of(abc, xyz)}
                    currency={plan.currency}
                    name={`${abc}${xyz === 'none' ? ' new' : xyz}`}
                    isChosen={search.abc === abc && search.xyz === xyz}
                    onOpen={() => go({ view: 'classes', abc, xyz })}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
      <p className="px-2 pt-2 text-[0.8125rem] text-muted sm:px-3">
        Rows: who makes the first 80 %, the next 15 % and the rest of a year’s contribution.
        Columns: how much weekly demand varies, the season taken out. In each: products, share of
        revenue, stock at cost.
        {matrix.without_cost > 0 &&
          ` ${counted(matrix.without_cost, 'product')} in stock without a cost ${matrix.without_cost === 1 ? 'is' : 'are'} left out of stock.`}
      </p>
    </div>
  )
}

type CellProps = {
  cell: ClassCell | undefined
  currency: string
  name: string
  isChosen: boolean
  onOpen: () => void
}

function Cell({ cell, currency, name, isChosen, onOpen }: CellProps) {
  const shape = 'flex h-22 w-full flex-col items-center justify-center rounded-lg sm:h-24'
  if (!cell) {
    return (
      <span className={clsx(shape, 'bg-sunk text-muted')}>
        <span aria-hidden>–</span>
        <span className="sr-only">no product</span>
      </span>
    )
  }
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={onOpen}
      style={{ backgroundColor: heat(cell.revenue_share ?? 0) }}
      className={clsx(
        shape,
        'num border hover:border-accent',
        isChosen ? 'border-accent ring-1 ring-accent' : 'border-line',
      )}
    >
      <span className="sr-only">{name}: </span>
      <span className="text-lg leading-6 font-semibold">{count(cell.products)}</span>
      <span className="text-[0.8125rem]">
        {percent(cell.revenue_share)}
        <span className="max-sm:sr-only"> of revenue</span>
      </span>
      <span className="text-xs" title={money(cell.stock_value, currency)}>
        {moneyCompact(cell.stock_value, currency)}
        <span className="max-sm:sr-only"> in stock</span>
      </span>
    </button>
  )
}

function Paces({ matrix, search, go }: MatrixProps) {
  const { paces, plan } = matrix
  return (
    <ul className="divide-y divide-line pb-1">
      {(['dead', 'slow', 'moving', 'new'] as const).map((name) => {
        const told = paces.find(({ pace }) => pace === name)
        const word = PACES[name]
        if (!word) return null
        return (
          <li key={name}>
            <button
              type="button"
              aria-pressed={search.pace === name}
              disabled={!told}
              onClick={() => go({ view: 'classes', pace: name })}
              className="num flex w-full items-start gap-3 px-4 py-3 text-left enabled:hover:bg-sunk aria-pressed:bg-accent-soft sm:px-5"
            >
              <span className="min-w-0 flex-1">
                <span className="font-medium">{word.label}</span>
                <span className="block text-xs text-muted">{word.about}</span>
              </span>
              <span className="text-right whitespace-nowrap">
                <span className="font-semibold">{counted(told?.products ?? 0, 'product')}</span>
                {told && (
                  <span className="block text-xs text-muted">
                    {money(told.stock_value, plan.currency)} in stock
                    {told.excess_value > 0 && (
                      <span className="block">
                        {money(told.excess_value, plan.currency)} too many
                      </span>
                    )}
                  </span>
                )}
              </span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}
