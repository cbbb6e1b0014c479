//! A canvas of 640 × 480 points, drawn on with whole numbers only.

use crate::demo::dice::Dice;

pub const WIDTH: i32 = 640;
pub const HEIGHT: i32 = 480;

/// Red, green, blue.
pub type Colour = [u8; 3];
/// Right of the left edge, below the upper one.
pub type At = (i32, i32);

pub struct Canvas(Vec<Colour>);

/// A colour between two, `part` of 256 on the way to the second.
pub fn between(from: Colour, to: Colour, part: i32) -> Colour {
    std::array::from_fn(|i| {
        ((i32::from(from[i]) * (256 - part) + i32::from(to[i]) * part) / 256) as u8
    })
}

/// Darker (below 256) or lighter (above).
pub fn shade(colour: Colour, by: i32) -> Colour {
    colour.map(|part| (i32::from(part) * by / 256).clamp(0, 255) as u8)
}

impl Canvas {
    pub fn new() -> Self {
        Self(vec![[0; 3]; (WIDTH * HEIGHT) as usize])
    }

    /// The picture, row by row, three bytes a point.
    pub fn bytes(&self) -> Vec<u8> {
        self.0.as_flattened().to_vec()
    }

    /// Paints part of a row; `cover` of 256 hides what was there.
    fn row(&mut self, y: i32, from: i32, to: i32, colour: Colour, cover: i32) {
        let (from, to) = (from.clamp(0, WIDTH), to.clamp(0, WIDTH));
        if !(0..HEIGHT).contains(&y) || from >= to {
            return;
        }
        let points = &mut self.0[(y * WIDTH + from) as usize..(y * WIDTH + to) as usize];
        if cover >= 256 {
            return points.fill(colour);
        }
        for point in points {
            *point = between(*point, colour, cover);
        }
    }

    /// A rectangle from one corner, so wide and high.
    pub fn fill(&mut self, (x, y): At, (width, height): At, colour: Colour) {
        self.wash((x, y), (width, height), colour, 256);
    }

    /// A rectangle through which one sees: `cover` of 256 hides what was there.
    pub fn wash(&mut self, (x, y): At, (width, height): At, colour: Colour, cover: i32) {
        for row in y..y + height {
            self.row(row, x, x + width, colour, cover);
        }
    }

    /// From one colour at the top to another at the foot.
    pub fn gradient(&mut self, (x, y): At, (width, height): At, top: Colour, foot: Colour) {
        for row in 0..height {
            self.row(
                y + row,
                x,
                x + width,
                between(top, foot, row * 256 / height),
                256,
            );
        }
    }

    /// A filled polygon.
    pub fn polygon(&mut self, corners: &[At], colour: Colour) {
        let edges = || corners.iter().zip(corners.iter().cycle().skip(1));
        let rows = corners.iter().map(|(_, y)| *y);
        for y in rows.clone().min().unwrap_or(0)..rows.max().unwrap_or(0) {
            let mut crossings: Vec<i32> = edges()
                .filter(|(a, b)| (a.1 <= y) != (b.1 <= y))
                .map(|(a, b)| a.0 + (y - a.1) * (b.0 - a.0) / (b.1 - a.1))
                .collect();
            crossings.sort_unstable();
            for pair in crossings.chunks_exact(2) {
                self.row(y, pair[0], pair[1] + 1, colour, 256);
            }
        }
    }

    /// A filled ellipse; `cover` as in [`Canvas::wash`].
    pub fn ellipse(&mut self, (x, y): At, (wide, high): At, colour: Colour, cover: i32) {
        for row in -high..=high {
            let reach = i64::from(wide) * i64::from(wide) * i64::from(high * high - row * row)
                / i64::from((high * high).max(1));
            let half = reach.isqrt() as i32;
            self.row(y + row, x - half, x + half + 1, colour, cover);
        }
    }

    /// A stroke of some width.
    pub fn stroke(&mut self, from: At, to: At, width: i32, colour: Colour) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let steps = dx.abs().max(dy.abs()).max(1);
        for step in 0..=steps {
            let at = (from.0 + dx * step / steps, from.1 + dy * step / steps);
            self.fill(
                (at.0 - width / 2, at.1 - width / 2),
                (width.max(1), width.max(1)),
                colour,
            );
        }
    }

    /// A curve that hangs between two points.
    pub fn hanging(&mut self, from: At, to: At, depth: i32, width: i32, colour: Colour) {
        let point = |t: i32| {
            (
                from.0 + (to.0 - from.0) * t / 32,
                from.1 + (to.1 - from.1) * t / 32 + depth * t * (32 - t) / 256,
            )
        };
        for t in 0..32 {
            self.stroke(point(t), point(t + 1), width, colour);
        }
    }

    /// A ring seen from the side it rolls on.
    pub fn wheel(&mut self, (x, y): At, radius: i32, tyre: Colour, inside: Colour) {
        self.ellipse((x, y), (radius, radius), tyre, 256);
        self.ellipse((x, y), (radius - 3, radius - 3), inside, 256);
        self.ellipse((x, y), (3, 3), tyre, 256);
    }

    /// The grain of a sensor, so many steps up and down.
    pub fn grain(&mut self, steps: i64, dice: &mut Dice) {
        for point in &mut self.0 {
            let by = dice.between(-steps, steps) as i32;
            *point = point.map(|part| (i32::from(part) + by).clamp(0, 255) as u8);
        }
    }

    /// What every picture says of itself, at its foot.
    pub fn mark(&mut self) {
        const BAND: i32 = 30;
        self.wash((0, HEIGHT - BAND), (WIDTH, BAND), [16, 18, 24], 230);
        let mut x = 12;
        for glyph in CHINESE {
            self.glyph((x, HEIGHT - BAND + 7), &glyph, 16);
            x += 20;
        }
        x += 10;
        for glyph in LATIN {
            self.glyph((x, HEIGHT - BAND + 8), &glyph.map(|row| row << 1), 8);
            x += 14;
        }
    }

    /// Rows of points from the highest bit on; eight wide glyphs are drawn double.
    fn glyph(&mut self, (x, y): At, rows: &[u16], width: i32) {
        let size = 16 / width;
        for (line, row) in rows.iter().enumerate() {
            for column in 0..width {
                if row >> (width - 1 - column) & 1 == 1 {
                    self.fill(
                        (x + column * size, y + line as i32 * size),
                        (size, size),
                        [250, 250, 250],
                    );
                }
            }
        }
    }
}

/// 合成 in sixteen points each way.
const CHINESE: [[u16; 16]; 2] = [
    [
        0b0000_0001_1000_0000,
        0b0000_0011_1100_0000,
        0b0000_0110_0110_0000,
        0b0000_1100_0011_0000,
        0b0011_1000_0001_1100,
        0b1110_0000_0000_0111,
        0b1000_1111_1111_0001,
        0b0000_0000_0000_0000,
        0b0000_0000_0000_0000,
        0b0001_1111_1111_1000,
        0b0001_1000_0001_1000,
        0b0001_1000_0001_1000,
        0b0001_1000_0001_1000,
        0b0001_1000_0001_1000,
        0b0001_1111_1111_1000,
        0b0001_1000_0001_1000,
    ],
    [
        0b0000_0000_1100_1100,
        0b0000_0000_1100_0110,
        0b0000_0000_1100_0010,
        0b0011_1111_1111_1111,
        0b0011_0000_1100_0000,
        0b0011_0000_1100_0000,
        0b0011_0000_1100_0110,
        0b0011_1111_0110_0110,
        0b0011_0011_0110_1100,
        0b0011_0011_0110_1100,
        0b0011_0011_0011_1000,
        0b0011_0011_0011_0001,
        0b0010_0110_0111_1001,
        0b0110_1100_1100_1101,
        0b0100_0001_1000_0111,
        0b1100_0011_0000_0011,
    ],
];

/// SYNTHETIC, five points wide and seven high.
const LATIN: [[u16; 7]; 9] = [S, Y, N, T, H, E, T, I, C];
const S: [u16; 7] = [
    0b01111, 0b10000, 0b10000, 0b01110, 0b00001, 0b00001, 0b11110,
];
const Y: [u16; 7] = [
    0b10001, 0b10001, 0b01010, 0b00100, 0b00100, 0b00100, 0b00100,
];
const N: [u16; 7] = [
    0b10001, 0b11001, 0b10101, 0b10101, 0b10011, 0b10001, 0b10001,
];
const T: [u16; 7] = [
    0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100,
];
const H: [u16; 7] = [
    0b10001, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001,
];
const E: [u16; 7] = [
    0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111,
];
const I: [u16; 7] = [
    0b01110, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110,
];
const C: [u16; 7] = [
    0b01111, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b01111,
];
