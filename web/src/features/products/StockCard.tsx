import { PackageOpen, SlidersHorizontal } from 'lucide-react'
import { useState } from 'react'
import type { Level, Product } from '@/client/api'
import { useMay } from '@/features/session/me'
import { count } from '@/lib/format'
import { ActionButton } from '@/ui/ActionButton'
import { Badge } from '@/ui/Badge'
import { Card } from '@/ui/Card'
import { FailedQuery } from '@/ui/Failed'
import { Message } from '@/ui/Message'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { Cell, Head, ROW, RowHead, Table } from '@/ui/Table'
import { AdjustSheet } from './AdjustSheet'
import { ReorderSheet } from './ReorderSheet'
import { useLevels, useLocations } from './queries'

/** Units at every location, and the way to change them. */
export function StockCard({ product }: { product: Product }) {
  const levels = useLevels(product.product_id)
  const locations = useLocations()
  const may = useMay('stock:write')
  const [adjusting, setAdjusting] = useState(false)
  const [reorder, setReorder] = useState<Level | null>(null)
  const total = levels.data?.reduce((sum, { available }) => sum + available, 0)
  const nameOf = (level: Level) =>
    locations.data?.find(({ location_id }) => location_id === level.location_id)?.name ??
    level.location
  return (
    <Card
      title="Stock"
      note={total === undefined ? undefined : `${count(total)} available`}
      actions={
        <ActionButton may={may} onClick={() => setAdjusting(true)}>
          <SlidersHorizontal size={15} aria-hidden /> Adjust
        </ActionButton>
      }
    >
      {levels.isPending && <RowsSkeleton rows={2} height={48} />}
      {levels.error && <FailedQuery query={levels} className="" />}
      {levels.data?.length === 0 && (
        <Message icon={PackageOpen} title="Never counted">
          Nothing was booked at any location yet, so nothing can be sold. Book what is there.
        </Message>
      )}
      {levels.data && levels.data.length > 0 && (
        <Table label="Stock by location" className="mt-1">
          <thead>
            <tr>
              <Head>Location</Head>
              <Head right>On hand</Head>
              <Head right className="max-sm:hidden">
                Reserved
              </Head>
              <Head right>Available</Head>
              <Head right className="max-sm:hidden">
                Inbound
              </Head>
              <Head right>Reorder at</Head>
            </tr>
          </thead>
          <tbody>
            {levels.data.map((level) => (
              <tr key={level.location_id} className={ROW}>
                <RowHead>
                  <span className="font-medium">{nameOf(level)}</span>
                  <span className="block text-xs text-muted">
                    {level.location}
                    <span className="sm:hidden">
                      {level.reserved > 0 && ` · ${count(level.reserved)} reserved`}
                      {level.inbound > 0 && ` · ${count(level.inbound)} inbound`}
                    </span>
                  </span>
                </RowHead>
                <Cell right>{level.is_counted ? count(level.on_hand) : '–'}</Cell>
                <Cell right className="max-sm:hidden">
                  {count(level.reserved)}
                </Cell>
                <Cell right>
                  <span className="font-medium">{count(level.available)}</span>{' '}
                  <StockState level={level} />
                </Cell>
                <Cell right className="max-sm:hidden">
                  {count(level.inbound)}
                </Cell>
                <Cell right>
                  <button
                    type="button"
                    aria-label={`Reorder point at ${nameOf(level)}: ${level.reorder_point ?? 'the usual one'}. Change it`}
                    disabled={!may.allowed}
                    title={may.why ?? undefined}
                    onClick={() => setReorder(level)}
                    className="inline-flex h-8 min-w-8 items-center justify-end rounded-md text-accent underline-offset-4 enabled:hover:underline disabled:text-ink pointer-coarse:h-11"
                  >
                    {level.reorder_point ?? 'usual'}
                  </button>
                </Cell>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      <AdjustSheet
        open={adjusting}
        onClose={() => setAdjusting(false)}
        product={product}
        levels={levels.data ?? []}
      />
      {reorder && (
        <ReorderSheet
          key={reorder.location_id}
          level={reorder}
          name={nameOf(reorder)}
          onClose={() => setReorder(null)}
        />
      )}
    </Card>
  )
}

/** Says it only where somebody has to act. */
function StockState({ level }: { level: Level }) {
  if (!level.is_counted) return null
  if (level.available <= 0) return <Badge tone="bad">Out</Badge>
  if (level.reorder_point !== null && level.available < level.reorder_point) {
    return <Badge tone="warn">Low</Badge>
  }
  return null
}
