import { Link } from '@tanstack/react-router'
import clsx from 'clsx'
import { ChevronDown, Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { Plan, PlanLine } from '@/client/api'
import { asProblem } from '@/client/problem'
import { useMay } from '@/features/session/me'
import { count, DASH, money } from '@/lib/format'
import { useLater } from '@/lib/useLater'
import { Badge } from '@/ui/Badge'
import { CONTROL } from '@/ui/Field'
import { Cell, ROW, RowHead } from '@/ui/Table'
import { useConsequences, useEditLine } from './queries'
import { HOLDS, lasts } from './words'

type PurchaseRowProps = {
  line: PlanLine
  plan: Plan
  isChosen: boolean
  onChoose: () => void
}

/** A line with its reason; while another quantity is typed, what would come of it stands beside. */
export function PurchaseRow({ line, plan, isChosen, onChoose }: PurchaseRowProps) {
  const [open, setOpen] = useState(false)
  const editing = useQuantity(line, plan)
  const { shown, isWaiting, problem } = editing
  const isOpen = line.accepted_as === null && line.quantity > 0 && line.supplier_id !== null
  const told = clsx('whitespace-nowrap transition-opacity', isWaiting && 'opacity-45')
  return (
    <tr className={clsx(ROW, 'align-top', isChosen && 'bg-accent-soft/40')}>
      <Cell className="pt-3! pr-0!">
        <input
          type="checkbox"
          aria-label={`Choose ${line.name} in ${line.location || 'no place'}`}
          checked={isChosen && isOpen}
          disabled={!isOpen}
          onChange={onChoose}
          className="size-4 accent-accent disabled:opacity-40 pointer-coarse:size-5"
        />
      </Cell>
      <RowHead className="w-full max-w-0 py-2.5!">
        <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
          <Link
            to="/products/$productId"
            params={{ productId: line.product_id }}
            className="min-w-0 truncate font-medium hover:text-accent"
          >
            {line.name}
          </Link>
          {line.hold && <Badge tone="warn">{HOLDS[line.hold] ?? line.hold}</Badge>}
          {line.accepted_as && <Badge tone="good">Accepted</Badge>}
        </span>
        <span className="block truncate text-xs text-muted">
          {[line.sku, line.location, line.supplier].filter(Boolean).join(' · ')}
        </span>
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="mt-1 flex w-full items-start gap-1 rounded text-left text-[0.8125rem] leading-5 text-muted hover:text-ink"
        >
          <span className={clsx('min-w-0', !open && 'line-clamp-2')}>{line.reason}</span>
          <ChevronDown
            size={14}
            aria-hidden
            className={clsx('mt-1 shrink-0 transition-transform', open && 'rotate-180')}
          />
        </button>
        {open && <Details line={line} />}
        <span className="num mt-1.5 flex flex-wrap gap-x-3 text-[0.8125rem] md:hidden">
          <span className={told}>{money(shown.cost, plan.currency)}</span>
          <span className={clsx(told, 'text-muted')}>
            earns {money(shown.expected_profit, plan.currency)}
          </span>
          <span className={clsx(told, 'text-muted')}>
            lasts {lasts(shown.days_of_cover_with_order)}
          </span>
        </span>
        {problem && (
          <span role="alert" className="mt-1 block text-[0.8125rem] text-down md:hidden">
            {problem}
          </span>
        )}
      </RowHead>
      <Cell right className="py-2.5!">
        <Quantity line={line} editing={editing} />
      </Cell>
      <Cell right className={clsx(told, 'pt-3.5! font-medium max-md:hidden')}>
        {money(shown.cost, plan.currency)}
        {line.unit_cost !== null && (
          <span className="block text-xs font-normal text-muted">
            {money(line.unit_cost, plan.currency)} each
          </span>
        )}
      </Cell>
      <Cell right className={clsx(told, 'pt-3.5! max-md:hidden')}>
        {money(shown.expected_profit, plan.currency)}
        <span className="block text-xs text-muted">
          {shown.profit_per_cash === null
            ? DASH
            : `${shown.profit_per_cash.toFixed(2)} per 1 spent`}
        </span>
      </Cell>
      <Cell right className={clsx(told, 'pt-3.5! max-md:hidden')}>
        {lasts(shown.days_of_cover_with_order)}
        <span className="block text-xs text-muted">now {lasts(line.days_of_cover)}</span>
      </Cell>
    </tr>
  )
}

type Editing = ReturnType<typeof useQuantity>

/** What is typed, what it would do, and the way to keep it. */
function useQuantity(line: PlanLine, plan: Plan) {
  const [typed, setTyped] = useState(String(line.quantity))
  const save = useEditLine(plan.plan_id)
  const wanted = /^\d{1,7}$/.test(typed.trim()) ? Number(typed) : null
  const asked = useLater(wanted)
  const look = useConsequences(line, plan.plan_id, asked)
  const isOther = wanted !== null && wanted !== line.quantity
  const isTold = isOther && asked === wanted && look.data?.quantity === wanted
  const wrong =
    wanted === null
      ? 'A whole number of units.'
      : isOther && asked === wanted && look.error
        ? asProblem(look.error).message
        : save.error
          ? asProblem(save.error).message
          : null
  return {
    typed,
    setTyped,
    /** The line with the quantity that is typed, once that is known; else as it stands. */
    shown: isTold && look.data ? look.data : line,
    isWaiting: isOther && !isTold && !wrong,
    problem: wrong,
    isSaving: save.isPending,
    keep: () => {
      if (isOther && !wrong) save.mutate({ line_no: line.line_no, quantity: wanted })
    },
    planned: () => save.mutate({ line_no: line.line_no, quantity: line.planned_quantity }),
  }
}

function Quantity({ line, editing }: { line: PlanLine; editing: Editing }) {
  const may = useMay('stock:write')
  const { typed, setTyped, problem, keep, planned, isSaving } = editing
  if (line.accepted_as !== null) {
    return (
      <>
        <span className="font-medium">{count(line.quantity)}</span>
        <Link
          to="/purchasing/$orderId"
          params={{ orderId: line.accepted_as }}
          className="mt-0.5 block text-xs font-medium whitespace-nowrap text-accent hover:underline"
        >
          Purchase order
        </Link>
      </>
    )
  }
  const isEdited = line.quantity !== line.planned_quantity
  return (
    <div className="ml-auto w-20">
      <input
        type="number"
        inputMode="numeric"
        min={0}
        step={line.pack_size}
        aria-label={`Units of ${line.name} to order in ${line.location || 'no place'}`}
        aria-invalid={Boolean(problem)}
        value={typed}
        disabled={!may.allowed || isSaving}
        title={may.why ?? lotsOf(line)}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key === 'Enter') keep()
          if (event.key === 'Escape') {
            event.stopPropagation()
            setTyped(String(line.quantity))
          }
        }}
        className={clsx(CONTROL, 'num h-9! px-2! text-right')}
      />
      {problem ? (
        <span role="alert" className="mt-1 block text-left text-xs text-down max-md:hidden">
          {problem}
        </span>
      ) : isEdited ? (
        <button
          type="button"
          onClick={planned}
          className="mt-1 inline-flex items-center gap-1 text-xs whitespace-nowrap text-muted hover:text-ink"
        >
          <Undo2 size={12} aria-hidden /> planned {count(line.planned_quantity)}
        </button>
      ) : (
        line.pack_size > 1 && (
          <span className="mt-1 block text-xs whitespace-nowrap text-muted">
            packs of {line.pack_size}
          </span>
        )
      )}
    </div>
  )
}

function lotsOf({ pack_size: pack, min_quantity: least }: PlanLine): string {
  return `Packs of ${pack}, ${least} at the least; 0 orders none`
}

function Details({ line }: { line: PlanLine }) {
  const facts: [string, string][] = [
    ['There', count(line.on_hand)],
    ['Reserved', count(line.reserved)],
    ['On the way', count(line.on_order)],
    ['Reorder point', count(Math.round(line.reorder_point))],
    ['Order up to', count(Math.round(line.order_up_to))],
    ['Safety stock', count(Math.round(line.safety_stock))],
    ['Service level', `${Math.round(line.service_level * 100)} %`],
    ['Arrives in', `${line.lead_time_days} d`],
    ['Demand by', line.basis === 'forecast' ? 'forecast' : line.basis],
  ]
  return (
    <dl className="num mt-2 grid grid-cols-[repeat(auto-fill,minmax(7rem,1fr))] gap-x-4 gap-y-1.5 rounded-lg bg-sunk px-3 py-2 text-[0.8125rem]">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt className="text-xs text-muted">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
