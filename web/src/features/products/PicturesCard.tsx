import { ArrowLeft, ArrowRight, ImagePlus, Pencil, Trash2 } from 'lucide-react'
import { type DragEvent, useRef, useState } from 'react'
import { api, bodyOf, doneOf, type Picture, type Product } from '@/client/api'
import { asProblem } from '@/client/problem'
import { keyed, useWrite } from '@/client/write'
import { useMay } from '@/features/session/me'
import { bytes } from '@/lib/format'
import { ActionSheet } from '@/ui/ActionSheet'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { AreaField } from '@/ui/Field'
import { pictureProblem } from './pictures'
import { PRODUCTS } from './queries'

/** The pictures of a product, the first one for lists. */
export function PicturesCard({ product }: { product: Product }) {
  const may = useMay('catalog:write')
  const [editing, setEditing] = useState<Picture | null>(null)
  return (
    <Card title="Pictures">
      <div className="space-y-3 px-4 pt-1 pb-4 sm:px-5">
        {product.media.length > 0 && (
          <ul className="grid grid-cols-3 gap-2">
            {product.media.map((picture, index) => (
              <li
                key={picture.media_id}
                className="relative aspect-square overflow-hidden rounded-xl border border-line bg-sunk"
              >
                <img
                  src={smallest(picture)}
                  alt={picture.alt || `Picture ${index + 1} of ${product.name}, not described`}
                  loading="lazy"
                  className="size-full object-cover"
                />
                <button
                  type="button"
                  disabled={!may.allowed}
                  aria-label={`Edit picture ${index + 1}`}
                  onClick={() => setEditing(picture)}
                  className="absolute right-1 bottom-1 grid size-8 place-items-center rounded-lg bg-card text-ink shadow-card hover:text-accent disabled:hidden pointer-coarse:size-11"
                >
                  <Pencil size={15} aria-hidden />
                </button>
              </li>
            ))}
          </ul>
        )}
        <Upload product={product} />
      </div>
      {editing && (
        <PictureSheet
          key={editing.media_id}
          product={product}
          picture={editing}
          onClose={() => setEditing(null)}
        />
      )}
    </Card>
  )
}

function smallest(picture: Picture): string {
  const widths = Object.keys(picture.copies).map(Number)
  const fitting = widths.filter((width) => width >= 240)
  return picture.copies[String(Math.min(...fitting))] ?? picture.url
}

function Upload({ product }: { product: Product }) {
  const may = useMay('catalog:write')
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const upload = useWrite(
    ({ file }: { file: File; name: string; size: number }, key) =>
      bodyOf(
        api.POST('/api/v1/products/{product_id}/media', {
          params: { path: { product_id: product.product_id }, header: keyed(key) },
          headers: { 'Content-Type': file.type },
          body: file as unknown as string,
          bodySerializer: (body) => body as unknown as Blob,
        }),
      ),
    { touches: [PRODUCTS], said: 'The picture is added.' },
  )
  async function take(files: FileList | null) {
    for (const file of files ?? []) {
      const problem = pictureProblem(file)
      setWrong(problem)
      if (problem) return
      try {
        await upload.mutateAsync({ file, name: file.name, size: file.size })
      } catch {
        return
      }
    }
  }
  function onDrop(event: DragEvent) {
    event.preventDefault()
    setOver(false)
    if (may.allowed) void take(event.dataTransfer.files)
  }
  const error = wrong ?? (upload.error ? asProblem(upload.error).message : null)
  return (
    <div>
      {/* The button does the same for everybody who does not drag. */}
      <div
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
        className={`flex flex-col items-center gap-1.5 rounded-xl border border-dashed px-4 py-5 text-center ${over ? 'border-accent bg-accent-soft' : 'border-strong-line'}`}
      >
        <input
          ref={input}
          type="file"
          accept="image/jpeg,image/png,image/webp,image/gif"
          multiple
          hidden
          aria-label="Pictures to add"
          onChange={(event) => {
            void take(event.target.files)
            event.target.value = ''
          }}
        />
        <Button
          disabled={!may.allowed || upload.isPending}
          title={may.why ?? undefined}
          onClick={() => input.current?.click()}
        >
          <ImagePlus size={16} aria-hidden />
          {upload.isPending ? `Uploading ${bytes(upload.variables.size)}…` : 'Add pictures'}
        </Button>
        <p className="text-xs text-muted">
          {may.why ?? 'Or drop them here. JPEG, PNG, WebP or GIF, up to 10 MB.'}
        </p>
      </div>
      {error && (
        <p role="alert" className="mt-2 text-[0.8125rem] text-down">
          {error}
        </p>
      )}
    </div>
  )
}

type PictureSheetProps = { product: Product; picture: Picture; onClose: () => void }

function PictureSheet({ product, picture, onClose }: PictureSheetProps) {
  const [alt, setAlt] = useState(picture.alt)
  const path = { product_id: product.product_id, media_id: picture.media_id }
  const at = product.media.findIndex(({ media_id }) => media_id === picture.media_id)
  const change = useWrite(
    (body: { alt?: string; position?: number }, key) =>
      bodyOf(
        api.PATCH('/api/v1/products/{product_id}/media/{media_id}', {
          params: { path, header: keyed(key) },
          body,
        }),
      ),
    { touches: [PRODUCTS], said: 'The picture is changed.', onDone: onClose },
  )
  const remove = useWrite(
    (_: null, key) =>
      doneOf(
        api.DELETE('/api/v1/products/{product_id}/media/{media_id}', {
          params: { path, header: keyed(key) },
        }),
      ),
    { touches: [PRODUCTS], said: 'The picture is taken away.', onDone: onClose },
  )
  const busy = change.isPending || remove.isPending
  return (
    <ActionSheet
      title={`Picture ${at + 1} of ${product.media.length}`}
      open
      onClose={onClose}
      onSubmit={() => change.mutate({ alt: alt.trim() })}
      act="Save the description"
      pending={busy}
      error={change.error ?? remove.error}
    >
      <img
        src={picture.url}
        alt={picture.alt || 'Not described yet'}
        className="mx-auto max-h-72 rounded-xl border border-line"
      />
      <p className="num text-center text-xs text-muted">
        {picture.width} × {picture.height}, {bytes(picture.size_bytes)}
      </p>
      <AreaField
        label="What it shows"
        hint="Read to people who cannot see it, and by search engines."
        rows={2}
        maxLength={500}
        value={alt}
        onChange={setAlt}
      />
      <div className="flex flex-wrap gap-2">
        <Button disabled={busy || at === 0} onClick={() => change.mutate({ position: at - 1 })}>
          <ArrowLeft size={15} aria-hidden /> Forward
        </Button>
        <Button
          disabled={busy || at === product.media.length - 1}
          onClick={() => change.mutate({ position: at + 1 })}
        >
          Back <ArrowRight size={15} aria-hidden />
        </Button>
        <Button
          look="plain"
          className="ml-auto text-down"
          disabled={busy}
          onClick={() => remove.mutate(null)}
        >
          <Trash2 size={15} aria-hidden /> Take it away
        </Button>
      </div>
    </ActionSheet>
  )
}
