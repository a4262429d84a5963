import { bytes } from '@/lib/format'

const TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif']
const MOST_BYTES = 10_000_000

/** Why a file cannot be a picture, before it is sent; null when it can. The server looks closer. */
export function pictureProblem(file: { name: string; type: string; size: number }): string | null {
  if (!TYPES.includes(file.type)) {
    return `${file.name} is no picture of a kind that can be shown: JPEG, PNG, WebP or GIF.`
  }
  if (file.size > MOST_BYTES) {
    return `${file.name} has ${bytes(file.size)}. A picture has up to 10 MB: make it smaller first.`
  }
  return null
}
