import { describe, expect, it } from 'vitest';
import type { SealProof } from '@/api';
import { blockHash, proofHolds } from './proof';

const none = '0'.repeat(64);

/** A block of two leaves, "left" and "right", computed apart from this code. */
const proof: SealProof = {
  form: 'plug1-proof-1',
  data: btoa('left'),
  index: 0,
  path: ['30aba2b15f763876e973e07e7d72188891250bae86ae3d9ec56d48733dee335d'],
  block: {
    number: 1,
    sealedAt: '2025-01-15T09:00:00+00:00',
    events: 1,
    transactions: 1,
    root: '1874cd299c46a25f29b011c268dc6d4c73a9d70e601d68d3e1eee359a50ae6dc',
    previous: none,
    hash: '9baa82b78193c79e0707d71e66becd94ea999987da1abe07b28ff8c1f4a00974',
  },
  chain: [],
};

describe('a proof', () => {
  it('holds for what was sealed', async () => expect(await proofHolds(proof)).toBe(true));

  it('holds for nothing else', async () => {
    expect(await proofHolds({ ...proof, data: btoa('Left') })).toBe(false);
    expect(await proofHolds({ ...proof, index: 1 })).toBe(false);
    expect(await proofHolds({ ...proof, path: [] })).toBe(false);
    expect(await proofHolds({ ...proof, path: [...proof.path, ...proof.path] })).toBe(false);
    expect(await proofHolds({ ...proof, block: { ...proof.block, events: 2 } })).toBe(false);
    expect(await proofHolds({ ...proof, block: { ...proof.block, sealedAt: '2025-01-15T09:00:00.000001Z' } })).toBe(false);
  });
});

describe('the hash of a block', () => {
  it('is that of the program', async () =>
    expect(
      await blockHash({ number: 1, sealedAt: '2025-01-15T09:00:00Z', events: 2, transactions: 1, root: none, previous: none, hash: '' }),
    ).toBe('4bbe2d791238a7ac9f63c77a7d455f30df5b07261671f61dfad6501ee701c90e'));
});
