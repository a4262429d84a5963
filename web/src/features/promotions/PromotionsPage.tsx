import { getRouteApi, Link } from '@tanstack/react-router'
import clsx from 'clsx'
import { BadgePercent, Plus } from 'lucide-react'
import { useRef } from 'react'
import type { Promotion } from '@/client/api'
import { useZone } from '@/client/store'
import { useMay } from '@/features/session/me'
import { count } from '@/lib/format'
import { useShortcuts } from '@/lib/shortcuts'
import { ActionButton } from '@/ui/ActionButton'
import { Badge } from '@/ui/Badge'
import { COMPACT, SelectField } from '@/ui/Field'
import { Key } from '@/ui/Key'
import { ListPanel } from '@/ui/ListPanel'
import { Message } from '@/ui/Message'
import { NoMatch } from '@/ui/NoMatch'
import { Page } from '@/ui/Page'
import { SearchField } from '@/ui/SearchField'
import { Cell, type Column, Heads, LINK_ROW, ROW_LINK, RowHead, Table } from '@/ui/Table'
import { isFiltered, type PromotionsSearch, readPromotionsSearch } from './filters'
import { PromotionSheet } from './PromotionSheet'
import { usePromotions } from './queries'
import { conditionsOf, stateOf, STATES, takesOff, whenOf } from './words'

const route = getRouteApi('/in/promotions')

/** What makes a cart cheaper: codes, and what applies by itself. */
export function PromotionsPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const promotions = usePromotions(search)
  const may = useMay('promotions:write')
  const field = useRef<HTMLInputElement>(null)
  const go = (next: PromotionsSearch, replace = false) =>
    void navigate({ search: readPromotionsSearch(next), replace, resetScroll: false })
  const add = () => go({ ...search, open: 'new' })
  useShortcuts({
    '/': () => field.current?.focus(),
    Escape: () => go({}),
    ...(may.allowed && { N: add }),
  })
  return (
    <Page
      title="Promotions"
      actions={
        <ActionButton may={may} look="solid" onClick={add}>
          <Plus size={16} aria-hidden /> New promotion <Key className="border-transparent">N</Key>
        </ActionButton>
      }
    >
      <div className="space-y-3">
        <div className="flex flex-wrap items-center gap-2">
          <SearchField
            ref={field}
            label="Search promotions"
            placeholder="Code or name"
            value={search.q ?? ''}
            onChange={(q) => go({ ...search, q }, true)}
            className="w-full sm:w-72"
          />
          <SelectField
            label="On or off"
            hideLabel
            className={clsx('w-44', COMPACT)}
            value={search.active ?? ''}
            options={[
              { value: '', label: 'On and off' },
              { value: 'yes', label: 'Switched on' },
              { value: 'no', label: 'Switched off' },
            ]}
            onChange={(active) => go(readPromotionsSearch({ ...search, active }))}
          />
        </div>
        <ListPanel
          query={promotions}
          of="promotion"
          height={57}
          waiting={6}
          empty={
            isFiltered(search) ? (
              <NoMatch of="promotions" onClear={() => go({})}>
                {search.q
                  ? `No code and no name holds “${search.q}” within these filters.`
                  : 'There is none of these.'}
              </NoMatch>
            ) : (
              <Message icon={BadgePercent} title="No promotions yet" className="min-h-80">
                Codes for buyers to type, and discounts that apply by themselves, stand here with
                how often they were used.
              </Message>
            )
          }
        >
          {(rows) => <PromotionTable rows={rows} search={search} now={promotions.dataUpdatedAt} />}
        </ListPanel>
      </div>
      {search.open && (
        <PromotionSheet
          key={search.open}
          promotionId={search.open === 'new' ? undefined : search.open}
          onClose={() => go({ ...search, open: undefined }, true)}
        />
      )}
    </Page>
  )
}

const COLUMNS: Column[] = [
  { label: 'Promotion' },
  { label: 'Takes off', className: 'max-sm:hidden' },
  { label: 'When', className: 'max-lg:hidden' },
  { label: 'State' },
  { label: 'Used', right: true },
]

type PromotionTableProps = {
  rows: Promotion[]
  search: PromotionsSearch
  /** When the rows were told: their states are those of this moment. */
  now: number
}

function PromotionTable({ rows, search, now }: PromotionTableProps) {
  const zone = useZone()
  return (
    <Table label="Promotions, the newest first">
      <Heads columns={COLUMNS} />
      <tbody>
        {rows.map((promotion) => {
          const state = STATES[stateOf(promotion, now)]
          return (
            <tr key={promotion.promotion_id} className={LINK_ROW}>
              <RowHead className="w-full max-w-0">
                <Link
                  to="/promotions"
                  search={{ ...search, open: promotion.promotion_id }}
                  resetScroll={false}
                  className={clsx(ROW_LINK, 'block truncate')}
                >
                  {promotion.name}
                </Link>
                <span className="block truncate text-xs text-muted">
                  {promotion.code ? (
                    <code className="font-mono">{promotion.code}</code>
                  ) : (
                    'applies by itself'
                  )}
                  <span className="sm:hidden"> · {takesOff(promotion)}</span>
                </span>
              </RowHead>
              <Cell className="max-sm:hidden">
                <span className="whitespace-nowrap">{takesOff(promotion)}</span>
                <span className="block text-xs whitespace-nowrap text-muted">
                  {conditionsOf(promotion).join(' · ')}
                </span>
              </Cell>
              <Cell className="whitespace-nowrap max-lg:hidden">{whenOf(promotion, zone)}</Cell>
              <Cell>
                <Badge tone={state.tone}>{state.label}</Badge>
              </Cell>
              <Cell right className="whitespace-nowrap">
                <Uses promotion={promotion} />
              </Cell>
            </tr>
          )
        })}
      </tbody>
    </Table>
  )
}

/** Uses are counted only where there is a limit: a popular code without one makes nobody wait. */
function Uses({ promotion: { used, total_limit, customer_limit } }: { promotion: Promotion }) {
  return (
    <>
      {total_limit === null ? (
        <span className="text-muted">no limit</span>
      ) : (
        `${count(used ?? 0)} of ${count(total_limit)}`
      )}
      {customer_limit !== null && (
        <span className="block text-xs text-muted">{count(customer_limit)} per buyer</span>
      )}
    </>
  )
}
