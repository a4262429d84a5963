import { getRouteApi, Link } from '@tanstack/react-router'
import { Archive, ArchiveRestore } from 'lucide-react'
import { useState } from 'react'
import { api, bodyOf, doneOf, type Product } from '@/client/api'
import { keyed, useWrite } from '@/client/write'
import { useZone } from '@/client/store'
import { useMay } from '@/features/session/me'
import { counted, moment } from '@/lib/format'
import { ActionButton } from '@/ui/ActionButton'
import { ActionSheet } from '@/ui/ActionSheet'
import { Badge } from '@/ui/Badge'
import { Card } from '@/ui/Card'
import { FailedQuery } from '@/ui/Failed'
import { Page } from '@/ui/Page'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { DetailsCard } from './DetailsCard'
import { LedgerCard } from './LedgerCard'
import { PicturesCard } from './PicturesCard'
import { PriceHistoryCard } from './PriceHistoryCard'
import { PricesCard } from './PricesCard'
import { PRODUCTS, useProduct } from './queries'
import { StockCard } from './StockCard'
import { VariantsCard } from './VariantsCard'
import { KIND_WORDS, STATUS_WORDS } from './words'

const route = getRouteApi('/in/products/$productId')
const BACK = { to: '/products', label: 'Products' } as const

export function ProductPage() {
  const { productId } = route.useParams()
  const query = useProduct(productId)
  const zone = useZone()
  const product = query.data
  if (!product) {
    return (
      <Page title="Product" back={BACK}>
        {query.error ? (
          <FailedQuery query={query} />
        ) : (
          <Card title="Details">
            <RowsSkeleton rows={8} height={56} />
          </Card>
        )}
      </Page>
    )
  }
  const isGroup = product.kind === 'group'
  const isGood = product.kind === 'good'
  return (
    <Page
      title={product.name}
      back={BACK}
      beside={
        <span className="flex gap-1.5">
          <Badge tone={STATUS_WORDS[product.status].tone}>
            {STATUS_WORDS[product.status].label}
          </Badge>
          {!isGood && <Badge>{KIND_WORDS[product.kind].label}</Badge>}
        </span>
      }
      note={
        <span className="num">
          {product.sku && `${product.sku} · `}changed {moment(product.updated_at, zone)}
          {product.parent_id && (
            <>
              {' · '}
              <Link
                to="/products/$productId"
                params={{ productId: product.parent_id }}
                className="text-accent hover:underline"
              >
                variant of a group
              </Link>
            </>
          )}
        </span>
      }
      actions={<ArchiveProduct product={product} />}
    >
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="min-w-0 space-y-4">
          {/* Another product is another form. */}
          <DetailsCard key={product.product_id} product={product} />
          {isGroup && <VariantsCard group={product} />}
          {isGood && <StockCard product={product} />}
          {isGood && <LedgerCard product={product} />}
        </div>
        <div className="min-w-0 space-y-4">
          <PicturesCard product={product} />
          {!isGroup && <PricesCard product={product} />}
          {!isGroup && <PriceHistoryCard product={product} />}
        </div>
      </div>
    </Page>
  )
}

/** Out of sale and out of the lists, or back again. Nothing of a product is ever erased. */
function ArchiveProduct({ product }: { product: Product }) {
  const [open, setOpen] = useState(false)
  const may = useMay('catalog:write')
  const path = { product_id: product.product_id }
  const archive = useWrite(
    (version: number, key) =>
      doneOf(
        api.DELETE('/api/v1/products/{product_id}', {
          params: { path, header: keyed(key, version) },
        }),
      ),
    {
      touches: [PRODUCTS],
      said: `${product.name} is archived.`,
      onDone: () => setOpen(false),
    },
  )
  const bringBack = useWrite(
    (version: number, key) =>
      bodyOf(
        api.PATCH('/api/v1/products/{product_id}', {
          params: { path, header: keyed(key, version) },
          body: { status: 'draft' },
        }),
      ),
    { touches: [PRODUCTS], said: `${product.name} is back, as a draft.` },
  )
  if (product.status === 'archived') {
    return (
      <ActionButton
        may={may}
        disabled={bringBack.isPending}
        onClick={() => bringBack.mutate(product.version)}
      >
        <ArchiveRestore size={16} aria-hidden /> Bring it back
      </ActionButton>
    )
  }
  return (
    <>
      <ActionButton may={may} onClick={() => setOpen(true)}>
        <Archive size={16} aria-hidden /> Archive
      </ActionButton>
      <ActionSheet
        title={`Archive ${product.name}?`}
        open={open}
        onClose={() => setOpen(false)}
        onSubmit={() => archive.mutate(product.version)}
        act="Archive it"
        danger
        pending={archive.isPending}
        error={archive.error}
      >
        <p>
          It is not sold any more and leaves the lists
          {product.variants > 0 && `, with its ${counted(product.variants, 'variant')}`}. Orders go
          on showing it, its stock and history stay, and it can be brought back.
        </p>
      </ActionSheet>
    </>
  )
}
