//! Money as integer micro-dollars; a JSON number with at most six decimals on the wire, never a float inside.

use std::{
    borrow::Cow,
    fmt,
    ops::{Add, AddAssign, Sub, SubAssign},
    str::FromStr,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::Error as _};
use serde_json::value::RawValue;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};

/// An amount of money in millionths of a dollar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, sqlx::Type)]
#[sqlx(transparent)]
pub struct Micros(pub i64);

impl Micros {
    /// No money.
    pub const ZERO: Self = Self(0);
    const PER_DOLLAR: i64 = 1_000_000;

    /// Whole dollars.
    #[must_use]
    pub const fn dollars(dollars: i64) -> Self {
        Self(dollars * Self::PER_DOLLAR)
    }

    /// The amount as a JSON number.
    #[must_use]
    pub fn number(self) -> serde_json::Number {
        serde_json::from_str(&self.to_string()).expect("an amount's text is a JSON number")
    }

    /// This price taken `count` times, or the largest amount there is.
    #[must_use]
    pub const fn times(self, count: i64) -> Self {
        Self(self.0.saturating_mul(count))
    }
}

/// The text is no amount of money.
#[derive(Debug, thiserror::Error)]
#[error("an amount is a number of dollars with at most six decimals")]
pub struct InvalidAmount;

impl FromStr for Micros {
    type Err = InvalidAmount;
    fn from_str(text: &str) -> Result<Self, InvalidAmount> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = fraction.trim_end_matches('0');
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || fraction.len() > 6 || !all_digits(whole) || !all_digits(fraction) {
            return Err(InvalidAmount);
        }
        let whole: i64 = whole.parse().map_err(|_| InvalidAmount)?;
        let fraction: i64 = format!("{fraction:0<6}").parse().map_err(|_| InvalidAmount)?;
        let micros = whole.checked_mul(Self::PER_DOLLAR).and_then(|m| m.checked_add(fraction)).ok_or(InvalidAmount)?;
        Ok(Self(if negative { -micros } else { micros }))
    }
}

impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.0.unsigned_abs() / 1_000_000, self.0.unsigned_abs() % 1_000_000);
        let sign = if self.0 < 0 { "-" } else { "" };
        if fraction == 0 {
            return write!(f, "{sign}{whole}");
        }
        write!(f, "{sign}{whole}.{}", format!("{fraction:06}").trim_end_matches('0'))
    }
}

impl Serialize for Micros {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.to_string()).map_err(S::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Micros {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A float's shortest decimal text is that of the JSON number, for every amount below a billion dollars; Rust writes it
        // without an exponent.
        let number = serde_json::Number::deserialize(deserializer)?;
        let text = match number.as_f64() {
            Some(float) if number.is_f64() => float.to_string(),
            _ => number.to_string(),
        };
        text.parse().map_err(D::Error::custom)
    }
}

impl utoipa::PartialSchema for Micros {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Number)
            .description(Some("US dollars, with at most six decimals."))
            .build()
            .into()
    }
}

impl utoipa::ToSchema for Micros {
    fn name() -> Cow<'static, str> {
        "Dollars".into()
    }
}

impl Add for Micros {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Micros {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl AddAssign for Micros {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Micros {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_every_digit() {
        for text in ["0", "0.0617", "103", "29.99", "0.000001", "-4.5", "999999999.999999"] {
            assert_eq!(text.parse::<Micros>().unwrap().to_string(), text);
            let micros: Micros = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&micros).unwrap(), text);
        }
        assert_eq!("29.000".parse::<Micros>().unwrap(), Micros::dollars(29));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", ".", ".5", "1.0000001", "1e3", "a", "9223372036854775808", "1.-5"] {
            assert!(text.parse::<Micros>().is_err(), "{text:?}");
        }
    }
}
