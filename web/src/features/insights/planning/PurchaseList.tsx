import { CircleCheck, ClipboardCheck, FileUp } from 'lucide-react'
import { useState } from 'react'
import type { Plan, PlanLine } from '@/client/api'
import { useMay } from '@/features/session/me'
import { counted, money } from '@/lib/format'
import { exactSum } from '@/lib/sum'
import { ActionButton } from '@/ui/ActionButton'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { Message } from '@/ui/Message'
import { MoreRows } from '@/ui/MoreRows'
import { NoMatch } from '@/ui/NoMatch'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { Head, Table } from '@/ui/Table'
import type { PlanningSearch } from '../filters'
import { FileSheet } from './FileSheet'
import type { Go } from './PlanningPage'
import { PurchaseRow } from './PurchaseRow'
import type { usePurchaseList } from './queries'

type PurchaseListProps = {
  search: PlanningSearch
  go: Go
  plan: Plan | undefined
  list: ReturnType<typeof usePurchaseList>
  chosen: ReadonlySet<number>
  onChoose: (chosen: ReadonlySet<number>) => void
  /** The chosen ones among those shown that can be accepted. */
  selection: PlanLine[]
  onAccept: () => void
}

/** The lines in the order in which cash earns most, to be edited, chosen and accepted. */
export function PurchaseList(props: PurchaseListProps) {
  const { search, go, plan, list, chosen, onChoose, selection, onAccept } = props
  const may = useMay('stock:write')
  const [files, setFiles] = useState(false)
  const rows = list.rows
  const open = (rows ?? []).filter(isOpen)
  const isAll = open.length > 0 && open.every((line) => chosen.has(line.line_no))
  return (
    <Card
      title="Purchase list"
      note="best use of cash first"
      actions={
        <Button disabled={!plan} onClick={() => setFiles(true)}>
          <FileUp size={16} aria-hidden /> <span className="max-sm:sr-only">As a file</span>
        </Button>
      }
    >
      {!rows && <RowsSkeleton rows={8} height={97} />}
      {rows?.length === 0 && <Nothing search={search} onClear={() => go({ view: search.view })} />}
      {plan && rows && rows.length > 0 && (
        <>
          <Table label="Purchase list, the best use of cash first" className="mt-1">
            <thead>
              <tr>
                <Head className="w-8 pr-0! align-middle">
                  <input
                    type="checkbox"
                    aria-label="Choose all lines shown"
                    checked={isAll}
                    disabled={open.length === 0}
                    onChange={() =>
                      onChoose(new Set(isAll ? [] : open.map((line) => line.line_no)))
                    }
                    className="size-4 align-middle accent-accent pointer-coarse:size-5"
                  />
                </Head>
                <Head className="w-full">Product</Head>
                <Head right>Order</Head>
                <Head right className="max-md:hidden">
                  Cost
                </Head>
                <Head right className="max-md:hidden">
                  Earns
                </Head>
                <Head right className="max-md:hidden">
                  Lasts
                </Head>
              </tr>
            </thead>
            <tbody>
              {rows.map((line) => (
                <PurchaseRow
                  key={`${plan.plan_id} ${line.line_no} ${line.quantity}`}
                  line={line}
                  plan={plan}
                  isChosen={chosen.has(line.line_no)}
                  onChoose={() => onChoose(toggled(chosen, line.line_no))}
                />
              ))}
            </tbody>
          </Table>
          <MoreRows query={list} shown={counted(rows.length, 'line')} />
          {selection.length > 0 && (
            <div className="sticky bottom-0 z-10 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-b-card border-t border-line bg-card px-4 py-3 shadow-raised max-sm:bottom-16 sm:px-5">
              <p role="status" className="num min-w-0 flex-1">
                <span className="font-semibold">{counted(selection.length, 'line')}</span> chosen ·{' '}
                {money(exactSum(selection.map(({ cost }) => cost)), plan.currency)}
              </p>
              <Button look="plain" onClick={() => onChoose(new Set())}>
                None
              </Button>
              <ActionButton may={may} look="solid" onClick={onAccept}>
                <CircleCheck size={16} aria-hidden /> Accept…
              </ActionButton>
            </div>
          )}
        </>
      )}
      {plan && (
        <FileSheet open={files} onClose={() => setFiles(false)} plan={plan} filter={search} />
      )}
    </Card>
  )
}

function isOpen(line: PlanLine): boolean {
  return line.accepted_as === null && line.quantity > 0 && line.supplier_id !== null
}

function toggled(chosen: ReadonlySet<number>, number: number): ReadonlySet<number> {
  const next = new Set(chosen)
  if (!next.delete(number)) next.add(number)
  return next
}

function Nothing({ search, onClear }: { search: PlanningSearch; onClear: () => void }) {
  const { supplier, location, channel } = search
  return supplier || location || channel ? (
    <NoMatch of="lines" onClear={onClear}>
      Nothing is to be ordered of this supplier in this place.
    </NoMatch>
  ) : (
    <Message icon={ClipboardCheck} title="Nothing needs to be ordered" className="min-h-80">
      Whatever is there and on its way lasts until the next order can arrive. Products that nobody
      has made or counted yet are not planned.
    </Message>
  )
}
