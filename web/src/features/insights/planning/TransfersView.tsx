import { Link } from '@tanstack/react-router'
import clsx from 'clsx'
import { ArrowRight, CircleCheck, Truck } from 'lucide-react'
import { useState } from 'react'
import type { Plan, PlanTransfer } from '@/client/api'
import { useMay } from '@/features/session/me'
import { count, counted, money } from '@/lib/format'
import { exactSum } from '@/lib/sum'
import { ActionButton } from '@/ui/ActionButton'
import { Badge } from '@/ui/Badge'
import { Card } from '@/ui/Card'
import { FailedQuery } from '@/ui/Failed'
import { Message } from '@/ui/Message'
import { MoreRows } from '@/ui/MoreRows'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { Cell, Head, ROW, RowHead, Table } from '@/ui/Table'
import { AcceptSheet } from './AcceptSheet'
import { useTransfers } from './queries'

/** What lies in one place and is needed in another, by what moving it gains. */
export function TransfersView({ plan }: { plan: Plan | undefined }) {
  const query = useTransfers()
  const may = useMay('stock:write')
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const [accepting, setAccepting] = useState(false)
  const { rows } = query
  const open = (rows ?? []).filter(({ accepted_as: document }) => document === null)
  const selection = open.filter(({ line_no }) => chosen.has(line_no))
  const isAll = open.length > 0 && selection.length === open.length
  return (
    <Card
      title="Transfers"
      note="what lies elsewhere need not be bought"
      actions={
        <ActionButton
          may={may}
          look="solid"
          disabled={selection.length === 0}
          onClick={() => setAccepting(true)}
        >
          <CircleCheck size={16} aria-hidden /> Accept{' '}
          {selection.length > 0 && counted(selection.length, 'move')}
        </ActionButton>
      }
    >
      {query.error && !rows && <FailedQuery query={query} className="min-h-72" />}
      {!rows && !query.error && <RowsSkeleton rows={6} height={77} />}
      {rows?.length === 0 && (
        <Message icon={Truck} title="Nothing needs to be moved" className="min-h-80">
          Goods move where one place has more than it needs and another runs short, and where that
          gains more than the way costs. With one place, nothing ever does.
        </Message>
      )}
      {plan && rows && rows.length > 0 && (
        <>
          <Table label="Transfers, the largest gain first" className="mt-1">
            <thead>
              <tr>
                <Head className="w-8 pr-0!">
                  <input
                    type="checkbox"
                    aria-label="Choose all moves shown"
                    checked={isAll}
                    disabled={open.length === 0}
                    onChange={() =>
                      setChosen(new Set(isAll ? [] : open.map(({ line_no }) => line_no)))
                    }
                    className="size-4 align-middle accent-accent pointer-coarse:size-5"
                  />
                </Head>
                <Head className="w-full">Product</Head>
                <Head right>Units</Head>
                <Head right>Gains</Head>
              </tr>
            </thead>
            <tbody>
              {rows.map((move) => (
                <Move
                  key={move.line_no}
                  move={move}
                  currency={plan.currency}
                  isChosen={chosen.has(move.line_no)}
                  onChoose={() => {
                    const next = new Set(chosen)
                    if (!next.delete(move.line_no)) next.add(move.line_no)
                    setChosen(next)
                  }}
                />
              ))}
            </tbody>
          </Table>
          <MoreRows
            query={query}
            shown={`${counted(rows.length, 'move')}, ${money(exactSum(rows.map(({ expected_gain: gain }) => gain)), plan.currency)} gained`}
          />
        </>
      )}
      {plan && accepting && (
        <AcceptSheet
          plan={plan}
          lines={[]}
          transfers={selection}
          onClose={() => setAccepting(false)}
          onDone={() => setChosen(new Set())}
        />
      )}
    </Card>
  )
}

type MoveProps = { move: PlanTransfer; currency: string; isChosen: boolean; onChoose: () => void }

function Move({ move, currency, isChosen, onChoose }: MoveProps) {
  const { accepted_as: document } = move
  return (
    <tr className={clsx(ROW, 'align-top', isChosen && 'bg-accent-soft/40')}>
      <Cell className="pt-3! pr-0!">
        <input
          type="checkbox"
          aria-label={`Choose ${move.name} from ${move.from_location} to ${move.to_location}`}
          checked={isChosen && document === null}
          disabled={document !== null}
          onChange={onChoose}
          className="size-4 accent-accent disabled:opacity-40 pointer-coarse:size-5"
        />
      </Cell>
      <RowHead className="w-full max-w-0 py-2.5!">
        <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
          <Link
            to="/products/$productId"
            params={{ productId: move.product_id }}
            className="min-w-0 truncate font-medium hover:text-accent"
          >
            {move.name}
          </Link>
          {document !== null && <Badge tone="good">Accepted</Badge>}
        </span>
        <span className="flex flex-wrap items-center gap-1 text-xs text-muted">
          {move.sku} · {move.from_location} <ArrowRight size={12} aria-hidden />
          <span className="sr-only">to</span> {move.to_location}
        </span>
        <span className="mt-1 block text-[0.8125rem] leading-5 text-muted">{move.reason}</span>
      </RowHead>
      <Cell right className="pt-3!">
        <span className="font-medium">{count(move.quantity)}</span>
        {document !== null && (
          <Link
            to="/insights/planning/transfers/$transferId"
            params={{ transferId: document }}
            className="block text-xs font-medium text-accent hover:underline"
          >
            Transfer
          </Link>
        )}
      </Cell>
      <Cell right className="pt-3! font-medium whitespace-nowrap">
        {money(move.expected_gain, currency)}
      </Cell>
    </tr>
  )
}
