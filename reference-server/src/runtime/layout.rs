//! How the text of an execution was cut into events, and where its tools stand between them: about one character an event.
//!
//! It is what the store keeps beside the text, the tool calls and the steps; from these the very frames that were sent are
//! written again. A delta is its length in bytes, 32 values a character, the lowest first; small letters and digits go on, capitals
//! end. None of the characters needs an escape in JSON.

use serde::Serialize;

/// What ends a number, by its value from 0 to 31.
const LAST: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ()[]{}";
/// What goes on, by the same value.
const MORE: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz012345";
/// Values of one character.
const RADIX: usize = LAST.len();

const TOOL_CALLED: char = '!';
const TOOL_COMPLETED: char = '.';

/// One event, but for the first and the terminal one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A delta of so many bytes.
    Delta(usize),
    /// The next of the tool calls begins.
    ToolCalled,
    /// The next of the tools' steps ended.
    ToolCompleted,
}

/// The marks of an execution, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct Layout(String);

impl Layout {
    /// How long it is: it only ever grows.
    #[must_use]
    pub fn size(&self) -> i64 {
        i64::try_from(self.0.len()).unwrap_or(i64::MAX)
    }

    pub(super) fn push(&mut self, mark: Mark) {
        match mark {
            Mark::Delta(bytes) => self.push_number(bytes),
            Mark::ToolCalled => self.0.push(TOOL_CALLED),
            Mark::ToolCompleted => self.0.push(TOOL_COMPLETED),
        }
    }

    fn push_number(&mut self, mut number: usize) {
        while number >= RADIX {
            self.0.push(char::from(MORE[number % RADIX]));
            number /= RADIX;
        }
        self.0.push(char::from(LAST[number]));
    }

    /// The mark at this place and the place behind it; `None` at the end, or where there is no mark to be read.
    pub(super) fn mark_at(&self, place: usize) -> Option<(Mark, usize)> {
        let (mut number, mut weight) = (0_usize, 1_usize);
        for (at, character) in self.0.bytes().enumerate().skip(place) {
            match character {
                b'!' if at == place => return Some((Mark::ToolCalled, at + 1)),
                b'.' if at == place => return Some((Mark::ToolCompleted, at + 1)),
                _ => {}
            }
            let value = |values: &[u8; 32]| values.iter().position(|&known| known == character);
            let (value, is_last) = value(LAST).map(|v| (v, true)).or_else(|| value(MORE).map(|v| (v, false)))?;
            number = number.checked_add(value.checked_mul(weight)?)?;
            if is_last {
                return Some((Mark::Delta(number), at + 1));
            }
            weight = weight.checked_mul(RADIX)?;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn marks(layout: &Layout) -> Vec<Mark> {
        let mut place = 0;
        std::iter::from_fn(|| {
            let (mark, next) = layout.mark_at(place)?;
            place = next;
            Some(mark)
        })
        .collect()
    }

    proptest! {
        #[test]
        fn what_was_put_in_comes_out(
            pushed in prop::collection::vec(
                prop_oneof![
                    (0_usize..100).prop_map(Mark::Delta),
                    any::<usize>().prop_map(Mark::Delta),
                    Just(Mark::ToolCalled),
                    Just(Mark::ToolCompleted),
                ],
                0..40,
            )
        ) {
            let mut layout = Layout::default();
            pushed.iter().for_each(|&mark| layout.push(mark));
            prop_assert_eq!(marks(&layout), pushed);
            prop_assert_eq!(serde_json::to_string(&layout).unwrap(), format!("\"{}\"", layout.0), "nothing is escaped");
        }

        #[test]
        fn what_is_no_layout_ends_and_does_not_panic(text in any::<String>()) {
            marks(&Layout(text));
        }
    }

    #[test]
    fn a_token_takes_one_character() {
        let mut layout = Layout::default();
        (0..20).for_each(|length| layout.push(Mark::Delta(length)));
        assert_eq!(layout.0.len(), 20);
    }
}
