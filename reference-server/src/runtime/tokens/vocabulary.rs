//! The tokens, and how bytes are merged into them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// As `build.rs` packs it: by rank, each token's length in one byte, then its bytes.
static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/o200k.tokens"));

/// Slots of the table: a power of two, less than half of it used, so that a miss ends soon.
const SLOTS: usize = 1 << 19;
const EMPTY: u32 = u32::MAX;

/// All tokens by rank, and the way back from bytes to rank.
pub(super) struct Vocabulary {
    /// Where in [`PACKED`] each token's length stands, by rank.
    places: Box<[u32]>,
    /// Ranks, by the hash of the token's bytes; open addressing.
    slots: Box<[u32]>,
    longest: usize,
}

impl Vocabulary {
    /// Indexes the packed tokens: 5 ms.
    pub(super) fn o200k() -> Self {
        let mut places = Vec::with_capacity(200_000);
        let mut slots = vec![EMPTY; SLOTS].into_boxed_slice();
        let mut longest = 0;
        let mut place = 0;
        for rank in 0.. {
            let Some(length) = PACKED.get(place).map(|length| usize::from(*length)) else {
                break;
            };
            let mut slot = hash(&PACKED[place + 1..=place + length]);
            while slots[slot] != EMPTY {
                slot = (slot + 1) % SLOTS;
            }
            slots[slot] = rank;
            places.push(u32::try_from(place).expect("the vocabulary is two megabytes"));
            longest = longest.max(length);
            place += 1 + length;
        }
        Self { places: places.into(), slots, longest }
    }

    /// How many tokens the bytes of a word are.
    pub(super) fn count(&self, word: &[u8]) -> usize {
        if self.rank(word).is_some() { 1 } else { self.merge(word).len() }
    }

    /// Where the tokens of a word end.
    pub(super) fn ends(&self, word: &[u8]) -> Vec<usize> {
        if self.rank(word).is_some() { vec![word.len()] } else { self.merge(word) }
    }

    fn rank(&self, bytes: &[u8]) -> Option<u32> {
        if bytes.len() > self.longest {
            return None;
        }
        let mut slot = hash(bytes);
        loop {
            let rank = self.slots[slot];
            if rank == EMPTY || self.token(rank) == bytes {
                return (rank != EMPTY).then_some(rank);
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    fn token(&self, rank: u32) -> &[u8] {
        let place = self.places[rank as usize] as usize;
        &PACKED[place + 1..=place + usize::from(PACKED[place])]
    }

    /// Byte-pair encoding: of all neighbours which together are a token, those of the lowest rank are joined first, the
    /// leftmost among equals, until none are left. A heap keeps it at n log n, whatever the word.
    fn merge(&self, word: &[u8]) -> Vec<usize> {
        const JOINED: usize = 0;
        let mut ends: Vec<usize> = (1..=word.len()).collect();
        let mut before: Vec<usize> = (0..word.len()).map(|start| start.saturating_sub(1)).collect();
        let candidate = |start: usize, end: usize| self.rank(&word[start..end]).map(|rank| Reverse((rank, start, end)));
        let mut heap: BinaryHeap<_> = (2..=word.len()).filter_map(|end| candidate(end - 2, end)).collect();

        while let Some(Reverse((_, start, end))) = heap.pop() {
            let middle = ends[start];
            let current = middle != JOINED && middle < end && ends[middle] == end;
            if !current {
                continue;
            }
            ends[start] = end;
            ends[middle] = JOINED;
            if let Some(before) = before.get_mut(end) {
                *before = start;
                heap.extend(candidate(start, ends[end]));
            }
            if start > 0 {
                heap.extend(candidate(before[start], end));
            }
        }
        ends.retain(|end| *end != JOINED);
        ends
    }
}

/// FNV-1a, folded to a slot: quick for the few bytes that tokens have.
fn hash(bytes: &[u8]) -> usize {
    let hash = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    let folded = hash ^ (hash >> 32);
    usize::try_from(folded % SLOTS as u64).expect("below SLOTS")
}
