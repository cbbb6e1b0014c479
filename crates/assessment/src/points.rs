//! Exact numbers: points, rates, weights and whatever else a score is made of.
//!
//! Nothing is rounded before a scheme says so: `1/3` stays a third.

use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};
use std::str::FromStr;

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// An exact rational number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Points(pub BigRational);

/// How [`Points::round`] treats what lies behind the last digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// To the nearest; a half away from zero (四舍五入).
    HalfUp,
    /// To the nearest; a half to the even digit.
    HalfEven,
    /// Toward zero: cut off.
    Down,
    /// Away from zero.
    Up,
}

/// The text is no decimal, fraction or percentage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotANumber;

/// Longer texts are refused before they are read.
const LONGEST: usize = 2000;

impl Points {
    /// `numerator / denominator`, or `None` for a denominator of zero.
    pub fn ratio(numerator: impl Into<BigInt>, denominator: impl Into<BigInt>) -> Option<Self> {
        let denominator = denominator.into();
        (!denominator.is_zero()).then(|| Self(BigRational::new(numerator.into(), denominator)))
    }

    /// 0.
    pub fn zero() -> Self {
        Self(BigRational::zero())
    }

    /// 1.
    pub fn one() -> Self {
        Self(BigRational::one())
    }

    /// 100, the usual full mark.
    pub fn hundred() -> Self {
        Self::from(100)
    }

    /// Reads a decimal (`94.68`), a fraction (`1/3`) or a percentage (`33.3%`, which is 0.333).
    ///
    /// # Errors
    /// Anything else, a denominator of zero, and texts of more than 2,000 characters.
    pub fn parse(text: &str) -> Result<Self, NotANumber> {
        if text.len() > LONGEST {
            return Err(NotANumber);
        }
        if let Some(hundredfold) = text.strip_suffix('%') {
            return Ok(decimal(hundredfold)? / Self::hundred());
        }
        match text.split_once('/') {
            None => decimal(text),
            Some((above, below)) if digits(below) => {
                let below = decimal(below)?;
                if below.is_zero() || above.contains('.') {
                    return Err(NotANumber);
                }
                Ok(decimal(above)? / below)
            }
            Some(_) => Err(NotANumber),
        }
    }

    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    pub fn is_negative(&self) -> bool {
        self.0.is_negative()
    }

    pub fn is_positive(&self) -> bool {
        self.0.is_positive()
    }

    /// Whether nothing stands behind the decimal point.
    pub fn is_integer(&self) -> bool {
        self.0.is_integer()
    }

    /// The distance from zero.
    pub fn abs(&self) -> Self {
        Self(self.0.abs())
    }

    /// The whole number, if it is one and fits.
    pub fn to_i64(&self) -> Option<i64> {
        self.is_integer().then(|| self.0.numer().to_i64()).flatten()
    }

    /// The quotient, or `None` for a divisor of zero.
    pub fn checked_div(&self, divisor: &Self) -> Option<Self> {
        (!divisor.is_zero()).then(|| self / divisor)
    }

    /// The nearest number with `digits` decimals, by `mode`.
    pub fn round(&self, digits: u32, mode: Mode) -> Self {
        let scale = BigInt::from(10).pow(digits);
        Self(BigRational::new(self.scaled(&scale, mode), scale))
    }

    /// With exactly `digits` decimals, half up: for people, never for further arithmetic.
    pub fn display(&self, digits: u32) -> String {
        decimal_text(
            &self.scaled(&BigInt::from(10).pow(digits), Mode::HalfUp),
            digits as usize,
        )
    }

    /// The one way to write this number: an integer, a decimal without trailing zeros (`94.68`)
    /// or, where it has no end, a fraction in lowest terms (`1/3`).
    pub fn to_exact_text(&self) -> String {
        match decimals(self.0.denom()) {
            Some(count) => {
                let scale = BigInt::from(10).pow(count);
                decimal_text(&self.scaled(&scale, Mode::Down), count as usize)
            }
            None => format!("{}/{}", self.0.numer(), self.0.denom()),
        }
    }

    /// The whole number nearest to `self × scale`.
    fn scaled(&self, scale: &BigInt, mode: Mode) -> BigInt {
        let (whole, rest) = (self.0.numer().abs() * scale).div_rem(self.0.denom());
        let away = match mode {
            Mode::Down => false,
            Mode::Up => !rest.is_zero(),
            Mode::HalfUp => rest * 2 >= *self.0.denom(),
            Mode::HalfEven => match (rest * 2i32).cmp(self.0.denom()) {
                Ordering::Less => false,
                Ordering::Equal => whole.is_odd(),
                Ordering::Greater => true,
            },
        };
        let whole = if away { whole + 1 } else { whole };
        if self.0.numer().sign() == Sign::Minus {
            -whole
        } else {
            whole
        }
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn decimal(text: &str) -> Result<Points, NotANumber> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) if digits(whole) && digits(fraction) => (whole, fraction),
        None if digits(unsigned) => (unsigned, ""),
        _ => return Err(NotANumber),
    };
    let number: BigInt = format!("{whole}{fraction}")
        .parse()
        .map_err(|_| NotANumber)?;
    let number = if text.starts_with('-') {
        -number
    } else {
        number
    };
    Ok(Points(BigRational::new(
        number,
        BigInt::from(10).pow(fraction.len() as u32),
    )))
}

/// How many decimals a fraction with this denominator (in lowest terms) needs, if it ends at all.
fn decimals(denominator: &BigInt) -> Option<u32> {
    let twos = denominator.trailing_zeros().unwrap_or(0);
    let mut rest = denominator >> twos;
    let mut fives = 0;
    while !rest.is_one() {
        let (quotient, remainder) = rest.div_rem(&BigInt::from(5));
        if !remainder.is_zero() {
            return None;
        }
        rest = quotient;
        fives += 1;
    }
    Some(fives.max(twos as u32))
}

fn decimal_text(scaled: &BigInt, decimals: usize) -> String {
    let digits = format!(
        "{:0>width$}",
        scaled.abs().to_string(),
        width = decimals + 1
    );
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let sign = if scaled.is_negative() { "-" } else { "" };
    let point = if decimals == 0 { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

impl From<i64> for Points {
    fn from(number: i64) -> Self {
        Self(BigRational::from_integer(number.into()))
    }
}

impl From<BigInt> for Points {
    fn from(number: BigInt) -> Self {
        Self(BigRational::from_integer(number))
    }
}

impl From<BigRational> for Points {
    fn from(number: BigRational) -> Self {
        Self(number)
    }
}

impl Default for Points {
    fn default() -> Self {
        Self::zero()
    }
}

impl FromStr for Points {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        Self::parse(text)
    }
}

/// The exact text (see [`Points::to_exact_text`]).
impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_exact_text())
    }
}

macro_rules! arithmetic {
    ($($operator:ident $method:ident),*) => {$(
        impl $operator for Points {
            type Output = Points;
            fn $method(self, other: Points) -> Points {
                Points(self.0.$method(other.0))
            }
        }
        impl $operator<&Points> for Points {
            type Output = Points;
            fn $method(self, other: &Points) -> Points {
                Points(self.0.$method(&other.0))
            }
        }
        impl $operator<Points> for &Points {
            type Output = Points;
            fn $method(self, other: Points) -> Points {
                Points((&self.0).$method(other.0))
            }
        }
        impl $operator for &Points {
            type Output = Points;
            fn $method(self, other: &Points) -> Points {
                Points((&self.0).$method(&other.0))
            }
        }
    )*};
}

// Division by zero panics, as for integers; `checked_div` asks first.
arithmetic!(Add add, Sub sub, Mul mul, Div div);

impl Neg for Points {
    type Output = Points;
    fn neg(self) -> Points {
        Points(-self.0)
    }
}

impl Neg for &Points {
    type Output = Points;
    fn neg(self) -> Points {
        Points(-&self.0)
    }
}

impl AddAssign<&Points> for Points {
    fn add_assign(&mut self, other: &Points) {
        self.0 += &other.0;
    }
}

impl AddAssign for Points {
    fn add_assign(&mut self, other: Points) {
        self.0 += other.0;
    }
}

impl SubAssign<&Points> for Points {
    fn sub_assign(&mut self, other: &Points) {
        self.0 -= &other.0;
    }
}

impl SubAssign for Points {
    fn sub_assign(&mut self, other: Points) {
        self.0 -= other.0;
    }
}

impl<'a> Sum<&'a Points> for Points {
    fn sum<I: Iterator<Item = &'a Points>>(points: I) -> Points {
        points.fold(Points::zero(), |sum, next| sum + next)
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Points>>(points: I) -> Points {
        points.fold(Points::zero(), |sum, next| sum + next)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn points(text: &str) -> Points {
        text.parse()
            .unwrap_or_else(|_| panic!("{text} is a number"))
    }

    #[test]
    fn texts_and_their_one_exact_form() {
        #[rustfmt::skip]
        let cases = [
            ("94.68", "94.68"),
            ("94.680", "94.68"),
            ("007", "7"),
            ("+1.0", "1"),
            ("-0", "0"),
            ("-0.50", "-0.5"),
            ("1/3", "1/3"),
            ("-2/6", "-1/3"),
            ("3/8", "0.375"),
            ("10/5", "2"),
            ("33.3%", "0.333"),
            ("-5%", "-0.05"),
            ("0.1234567890123456789012345678901234567890", "0.123456789012345678901234567890123456789",
            ),
        ];
        for (text, exact) in cases {
            assert_eq!(points(text).to_exact_text(), exact, "{text}");
        }
        let long = "1".repeat(LONGEST + 1);
        for text in [
            "", "-", ".5", "5.", "1e3", "1/0", "1/-3", "1.5/2", "1/2%", "1,000", " 1", "1 ",
            "\u{ff11}", "--1", "1/2/3", "inf", "NaN", "%", &long,
        ] {
            assert_eq!(text.parse::<Points>(), Err(NotANumber), "{text}");
        }
    }

    #[test]
    fn rounding_is_as_the_mode_says() {
        #[rustfmt::skip]
        let cases = [
            // number, digits, half up, half even, down, up
            ("2.345", 2, "2.35", "2.34", "2.34", "2.35"),
            ("2.355", 2, "2.36", "2.36", "2.35", "2.36"),
            ("-2.345", 2, "-2.35", "-2.34", "-2.34", "-2.35"),
            ("2.344", 2, "2.34", "2.34", "2.34", "2.35"),
            ("2.5", 0, "3", "2", "2", "3"),
            ("-0.4", 0, "0", "0", "0", "-1"),
            ("1/3", 4, "0.3333", "0.3333", "0.3333", "0.3334"),
            ("2/3", 1, "0.7", "0.7", "0.6", "0.7"),
            ("7", 3, "7", "7", "7", "7"),
        ];
        for (text, digits, half_up, half_even, down, up) in cases {
            let modes = [Mode::HalfUp, Mode::HalfEven, Mode::Down, Mode::Up];
            let rounded = modes.map(|mode| points(text).round(digits, mode).to_exact_text());
            assert_eq!(
                rounded,
                [half_up, half_even, down, up],
                "{text} to {digits} digits"
            );
        }
    }

    #[test]
    fn display_has_the_digits_asked_for() {
        #[rustfmt::skip]
        let cases = [
            ("94.6", 2, "94.60"),
            ("1/3", 2, "0.33"),
            ("-0.005", 2, "-0.01"),
            ("-0.001", 2, "0.00"),
            ("99.995", 2, "100.00"),
            ("12", 0, "12"),
        ];
        for (text, digits, shown) in cases {
            assert_eq!(points(text).display(digits), shown);
        }
    }

    #[test]
    fn a_zero_divisor_has_no_quotient() {
        assert_eq!(points("1").checked_div(&Points::zero()), None);
        assert_eq!(Points::ratio(1, 0), None);
        assert_eq!(Points::ratio(2, -6), Some(points("-1/3")));
    }

    fn any_points() -> impl Strategy<Value = Points> {
        (any::<i64>(), 1i64..1_000_000)
            .prop_map(|(above, below)| Points::ratio(above, below).unwrap())
    }

    proptest! {
        #[test]
        fn exact_text_reads_back(number in any_points()) {
            prop_assert_eq!(points(&number.to_exact_text()), number);
        }

        #[test]
        fn display_reads_back_as_rounded(number in any_points(), digits in 0u32..12) {
            prop_assert_eq!(points(&number.display(digits)), number.round(digits, Mode::HalfUp));
        }

        #[test]
        fn rounding_stays_within_its_step(number in any_points(), digits in 0u32..12) {
            let step = Points::ratio(1, BigInt::from(10).pow(digits)).unwrap();
            for mode in [Mode::HalfUp, Mode::HalfEven, Mode::Down, Mode::Up] {
                let rounded = number.round(digits, mode);
                let moved = (&rounded - &number).abs();
                prop_assert!(moved < step);
                prop_assert_eq!(&rounded.round(digits, mode), &rounded);
                match mode {
                    Mode::Down => prop_assert!(rounded.abs() <= number.abs()),
                    Mode::Up => prop_assert!(rounded.abs() >= number.abs()),
                    _ => prop_assert!(&moved + &moved <= step),
                }
            }
        }

        #[test]
        fn arithmetic_is_exact(a in any_points(), b in any_points()) {
            prop_assert_eq!(&(&a + &b) - &b, a.clone());
            prop_assert_eq!([&a, &b].into_iter().sum::<Points>(), &a + &b);
            if !b.is_zero() {
                prop_assert_eq!(&(&a / &b) * &b, a);
            }
        }
    }
}
