import type { SealBlock, SealProof } from '@/api';

/**
 * Verifies in the browser what `plug1 audit prove` verifies at the command line: the leaf of the data leads along the path to
 * the root of the block (RFC 6962; RFC 9162, 2.1.3.2), and the block's hash is that of its head.
 */
export async function proofHolds(proof: SealProof): Promise<boolean> {
  const data = Uint8Array.from(atob(proof.data), (sign) => sign.charCodeAt(0));
  const root = await rootOf(
    await hash(Uint8Array.of(0), data),
    proof.index,
    proof.block.events + proof.block.transactions,
    proof.path.map(fromHex),
  );
  return root !== undefined && toHex(root) === proof.block.root && (await blockHash(proof.block)) === proof.block.hash;
}

/** SHA-256 over the canonical fields of a block's head. */
export async function blockHash(block: SealBlock): Promise<string> {
  const fields = ['plug1-block-1', block.number, micros(block.sealedAt), block.events, block.transactions, block.root, block.previous];
  return toHex(await hash(...fields.flatMap((field) => canonical(String(field)))));
}

async function rootOf(leaf: Uint8Array, index: number, size: number, path: Uint8Array[]): Promise<Uint8Array | undefined> {
  if (index < 0 || index >= size) return undefined;
  let [at, last, present] = [index, size - 1, leaf];
  for (const beside of path) {
    if (last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      present = await hash(Uint8Array.of(1), beside, present);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      present = await hash(Uint8Array.of(1), present, beside);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? present : undefined;
}

/** A field is its length in UTF-8 as four bytes, most significant first, and its text. */
function canonical(text: string): Uint8Array[] {
  const bytes = new TextEncoder().encode(text);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return [length, bytes];
}

/** The API writes as many digits of a second as are needed, a block's head always six. */
function micros(instant: string): string {
  const [whole = '', fraction = ''] = instant.replace(/(Z|\+00:00)$/, '').split('.');
  return `${whole}.${fraction.padEnd(6, '0').slice(0, 6)}Z`;
}

async function hash(...parts: Uint8Array[]): Promise<Uint8Array> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
}

const fromHex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
