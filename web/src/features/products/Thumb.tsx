import { Image } from 'lucide-react'

/** A small picture of a product, or the place of one. The name stands beside it, so it is silent. */
export function Thumb({ url }: { url: string | null }) {
  return (
    <span className="grid size-10 shrink-0 place-items-center overflow-hidden rounded-lg border border-line bg-sunk text-faint">
      {url ? (
        <img src={url} alt="" loading="lazy" className="size-full object-cover" />
      ) : (
        <Image size={17} aria-hidden />
      )}
    </span>
  )
}
