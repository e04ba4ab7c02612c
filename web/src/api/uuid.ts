let lastMillisecond = 0;
let sequence = 0;

/**
 * A UUIDv7 (RFC 9562, 5.7) made on this device: 48 bits of Unix milliseconds, then a 12 bit counter that keeps ids of
 * one millisecond in order, then 62 random bits.
 */
export function uuid7(now: number = Date.now()): string {
  if (now > lastMillisecond) {
    lastMillisecond = now;
    sequence = randomBits(8);
  } else if (++sequence > 0xfff) {
    lastMillisecond++;
    sequence = 0;
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let rest = lastMillisecond;
  for (let index = 5; index >= 0; index--) {
    bytes[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = 0x70 | (sequence >> 8);
  bytes[7] = sequence & 0xff;
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function randomBits(bits: number): number {
  return crypto.getRandomValues(new Uint16Array(1))[0]! & ((1 << bits) - 1);
}
