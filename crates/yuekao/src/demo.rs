//! The synthetic town: real places, invented evidence, the same on every machine.

pub mod calibration;
mod cases;
mod checks;
mod clock;
pub mod dice;
pub mod grids;
mod ground;
mod inspection;
pub mod life;
pub mod month;
mod names;
pub mod people;
pub mod photo;
mod plan;
pub mod rules;
pub mod town;

#[cfg(test)]
mod tests;
