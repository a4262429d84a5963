import clsx from 'clsx'
import { useState } from 'react'
import type { ListSummary } from '@/client/api'
import { channelName, useStore } from '@/client/store'
import { count, DASH, money } from '@/lib/format'
import { FailedQuery } from '@/ui/Failed'
import { COMPACT, SelectField } from '@/ui/Field'
import type { FigureShown } from '@/ui/FigureCard'
import { type FigureOf, FigureRow } from '@/ui/FigureRow'
import { FilterChips } from '@/ui/FilterChips'
import { Notice } from '@/ui/Notice'
import type { PlanningSearch } from '../filters'
import { AcceptSheet } from './AcceptSheet'
import type { Go } from './PlanningPage'
import { PurchaseList } from './PurchaseList'
import { usePurchaseList, useSummary } from './queries'

type PurchaseViewProps = { search: PlanningSearch; go: Go; whole: ListSummary | undefined }

/** What to order: what it comes to, whose lines are shown, the lines, and the way to purchase orders. */
export function PurchaseView({ search, go, whole }: PurchaseViewProps) {
  const summary = useSummary(search)
  const list = usePurchaseList(search)
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const [accepting, setAccepting] = useState(false)
  const told = summary.data ?? null
  const plan = told?.plan
  // Another plan has other lines.
  const [planOf, setPlanOf] = useState(plan?.plan_id)
  if (plan && planOf !== plan.plan_id) {
    setPlanOf(plan.plan_id)
    setChosen(new Set())
  }
  const rows = list.rows
  const lines = (rows ?? []).filter(
    (line) => chosen.has(line.line_no) && line.accepted_as === null && line.quantity > 0,
  )
  return (
    <>
      <Filters search={search} go={go} whole={whole} />
      <FigureRow figures={FIGURES} answer={told} />
      {told && <Unsupplied held={told.held.no_supplier ?? 0} />}
      {list.error && !rows ? (
        <FailedQuery query={list} />
      ) : (
        <div
          aria-busy={list.isPlaceholderData}
          className={clsx('transition-opacity', list.isPlaceholderData && 'opacity-55')}
        >
          <PurchaseList
            search={search}
            go={go}
            plan={plan}
            list={list}
            chosen={chosen}
            onChoose={setChosen}
            selection={lines}
            onAccept={() => setAccepting(true)}
          />
        </div>
      )}
      {plan && accepting && (
        <AcceptSheet
          plan={plan}
          lines={lines}
          transfers={[]}
          onClose={() => setAccepting(false)}
          onDone={() => setChosen(new Set())}
        />
      )}
    </>
  )
}

function Filters({ search, go, whole }: PurchaseViewProps) {
  const store = useStore().data
  const { supplier, location, channel } = search
  const nameOf = (parts: ListSummary['suppliers'] | undefined, id: string) =>
    parts?.find(({ part_id }) => part_id === id)?.name ?? id
  const chips = [
    supplier && { key: 'supplier', label: nameOf(whole?.suppliers, supplier) },
    location && { key: 'location', label: nameOf(whole?.locations, location) },
    channel && { key: 'channel', label: channelName(channel, store) },
  ].flatMap((chip) =>
    chip ? [{ ...chip, onRemove: () => go({ ...search, [chip.key]: undefined }) }] : [],
  )
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SelectField
        label="Supplier"
        hideLabel
        className={clsx('w-44', COMPACT)}
        value={supplier ?? ''}
        options={optionsOf('All suppliers', whole?.suppliers)}
        onChange={(next) => go({ ...search, supplier: next || undefined })}
      />
      <SelectField
        label="Place"
        hideLabel
        className={clsx('w-40', COMPACT)}
        value={location ?? ''}
        options={optionsOf('All places', whole?.locations)}
        onChange={(next) => go({ ...search, location: next || undefined })}
      />
      {whole && whole.channels.length > 0 && (
        <SelectField
          label="Channel"
          hideLabel
          className={clsx('w-40', COMPACT)}
          value={channel ?? ''}
          options={[
            { value: '', label: 'All channels' },
            ...whole.channels.map((code) => ({ value: code, label: channelName(code, store) })),
          ]}
          onChange={(next) => go({ ...search, channel: next || undefined })}
        />
      )}
      <FilterChips chips={chips} onClear={() => go({ view: search.view })} />
    </div>
  )
}

function optionsOf(all: string, parts: ListSummary['suppliers'] | undefined) {
  return [
    { value: '', label: all },
    ...(parts ?? []).map(({ part_id: value, name, lines }) => ({
      value,
      label: `${name} (${lines})`,
    })),
  ]
}

const FIGURES: FigureOf<ListSummary>[] = [
  {
    label: 'To order',
    about: 'Lines that order something and are not accepted yet.',
    of: ({ to_order: lines, accepted }) =>
      shown(lines, count(lines), accepted ? ` · ${count(accepted)} accepted` : ''),
  },
  {
    label: 'Cash needed',
    about: 'Of the quantities as they are edited now.',
    of: ({ cost, plan, without_cost: unknown }) =>
      shown(cost, money(cost, plan.currency), unknown ? ` + ${unknown} unknown` : ''),
  },
  {
    label: 'Expected profit',
    about: 'Sales saved less keeping what is left, until the next order arrives.',
    of: ({ expected_profit: profit, plan }) => shown(profit, money(profit, plan.currency)),
  },
  {
    label: 'Profit per cash',
    about: 'What a unit of cash spent on this list is expected to earn.',
    of: ({ expected_profit: profit, cost }) => {
      const ratio = cost > 0 ? profit / cost : null
      return shown(ratio, ratio === null ? DASH : ratio.toFixed(2))
    },
  },
]

function shown(value: number | null, text: string, rest = ''): FigureShown {
  return { value, parts: [text, rest] }
}

/** The usual gap on the first day: stock and demand are known, and nobody is named who sells the goods. */
function Unsupplied({ held }: { held: number }) {
  if (held === 0) return null
  return (
    <Notice tone="warn">
      <span className="font-semibold">
        {count(held)} {held === 1 ? 'line cannot' : 'lines cannot'} be ordered: nobody is named who
        sells the goods.
      </span>{' '}
      Add suppliers and what they sell through{' '}
      <a href="/docs#tag/purchasing" className="font-medium underline underline-offset-4">
        the API
      </a>
      , then plan again.
    </Notice>
  )
}
