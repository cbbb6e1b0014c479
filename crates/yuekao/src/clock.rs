//! The moment it is: asked here and handed on as an argument, so that tests can say what it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// The host's civil time: one zone for the country, without daylight saving.
pub fn zone() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(8))
}

/// A moment in the host's civil time, to the second.
pub fn civil(at: Timestamp) -> DateTime {
    let local = at.to_zoned(zone()).datetime();
    local.with().subsec_nanosecond(0).build().unwrap_or(local)
}

/// The moment at which a day begins in the host's civil time.
///
/// Errors: the day lies beyond what moments reach.
pub fn begin_of(day: Date) -> Result<Timestamp, jiff::Error> {
    Ok(day.to_zoned(zone())?.timestamp())
}

/// The day of a moment in the host's civil time.
pub fn day_of(at: Timestamp) -> Date {
    at.to_zoned(zone()).date()
}

/// Tells the moment.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock that stands still until it is moved (epoch milliseconds).
    Standing(Arc<AtomicI64>),
    /// The machine's clock, so many milliseconds ahead: a demo lives in its own time.
    Ahead(i64),
}

impl Clock {
    /// A clock that stands at a moment.
    pub fn standing_at(moment: Timestamp) -> Self {
        Self::Standing(Arc::new(AtomicI64::new(moment.as_millisecond())))
    }

    /// A clock that shows a moment now and goes on from there.
    pub fn going_from(moment: Timestamp) -> Self {
        Self::Ahead(moment.as_millisecond() - Timestamp::now().as_millisecond())
    }

    /// Moves a standing clock; others are left alone.
    pub fn pass(&self, seconds: i64) {
        if let Self::Standing(moment) = self {
            moment.fetch_add(seconds * 1000, Ordering::SeqCst);
        }
    }

    /// The day it is, in the host's civil time.
    pub fn today(&self) -> Date {
        day_of(self.now())
    }

    /// The moment it is, to the millisecond.
    pub fn now(&self) -> Timestamp {
        let milliseconds = match self {
            Self::System => Timestamp::now().as_millisecond(),
            Self::Standing(moment) => moment.load(Ordering::SeqCst),
            Self::Ahead(ahead) => Timestamp::now().as_millisecond() + ahead,
        };
        Timestamp::from_millisecond(milliseconds).expect("a moment of this age of the world")
    }
}
