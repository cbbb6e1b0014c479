//! What the pictures show: a place, and what is wrong with it.

use assessment::indicator::Indicator;

use super::canvas::{At, Canvas, Colour, HEIGHT, WIDTH, between, shade};
use crate::demo::dice::Dice;

/// What is wrong in a picture; its place follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scene {
    Litter,
    Leaves,
    Bin,
    Water,
    Rubble,
    Cover,
    Crack,
    Paving,
    Stall,
    Goods,
    Cars,
    Bikes,
    Signs,
    Lamp,
    Works,
    Facade,
    Posters,
    Cables,
    Green,
    Bench,
    Lane,
    Yard,
    Stairs,
    Board,
}

/// The first entry that an indicator's id contains says what its picture shows.
#[rustfmt::skip]
const SHOWN: [(&str, Scene); 62] = [
    ("leaves", Scene::Leaves), ("stair", Scene::Stairs), ("fire-lane", Scene::Yard), ("fire-equipment", Scene::Stairs),
    ("lift", Scene::Board), ("notice", Scene::Board), ("party", Scene::Board), ("gate-unattended", Scene::Board),
    ("ebike", Scene::Bikes), ("compound-car", Scene::Yard), ("bicycle", Scene::Bikes), ("bike", Scene::Bikes),
    ("small-ads", Scene::Posters), ("bin", Scene::Bin), ("unsorted", Scene::Bin), ("toilet", Scene::Board),
    ("transfer-station", Scene::Bin), ("sewage", Scene::Water), ("flood", Scene::Water), ("pipe", Scene::Water),
    ("food-waste", Scene::Water), ("water-surface", Scene::Water), ("car-wash", Scene::Water), ("rubble", Scene::Rubble),
    ("bulky", Scene::Rubble), ("burning", Scene::Rubble), ("spoil", Scene::Works), ("works", Scene::Works),
    ("cover", Scene::Cover), ("grating", Scene::Cover), ("kerb", Scene::Paving), ("tactile", Scene::Paving),
    ("pavement-loose", Scene::Paving), ("ramp", Scene::Paving), ("tree-pit", Scene::Paving), ("back-street-damaged", Scene::Crack),
    ("carriageway", Scene::Crack), ("road-damaged", Scene::Crack), ("subsidence", Scene::Crack), ("marking", Scene::Crack),
    ("road-sign", Scene::Lamp), ("light-box", Scene::Signs), ("light", Scene::Lamp), ("pole", Scene::Lamp), ("dark", Scene::Lamp),
    ("rail", Scene::Lamp), ("cabinet", Scene::Lamp), ("shelter", Scene::Lamp), ("sign", Scene::Signs), ("billboard", Scene::Signs),
    ("banner", Scene::Signs), ("cable", Scene::Cables), ("hung", Scene::Cables), ("drying", Scene::Cables), ("facade", Scene::Facade),
    ("balcony", Scene::Facade), ("structure", Scene::Facade), ("aircon", Scene::Facade), ("bench", Scene::Bench), ("fitness", Scene::Bench),
    ("back-street", Scene::Lane), ("stack", Scene::Goods),
];

impl Scene {
    /// Every scene.
    #[rustfmt::skip]
    pub const ALL: [Scene; 24] = [
        Scene::Litter, Scene::Leaves, Scene::Bin, Scene::Water, Scene::Rubble, Scene::Cover, Scene::Crack, Scene::Paving,
        Scene::Stall, Scene::Goods, Scene::Cars, Scene::Bikes, Scene::Signs, Scene::Lamp, Scene::Works, Scene::Facade,
        Scene::Posters, Scene::Cables, Scene::Green, Scene::Bench, Scene::Lane, Scene::Yard, Scene::Stairs, Scene::Board,
    ];

    /// What the picture of a breach shows.
    pub fn of(indicator: &Indicator) -> Scene {
        let named = SHOWN
            .iter()
            .find(|(part, _)| indicator.id.contains(part))
            .map(|(_, scene)| *scene);
        named.unwrap_or(match indicator.heading.as_str() {
            "greening" => Scene::Green,
            "parking" => Scene::Cars,
            "pavement-order" | "public-space" => Scene::Stall,
            "community-surroundings" => Scene::Goods,
            "compound-order" | "compound-facilities" | "compound-safety" => Scene::Yard,
            _ => Scene::Litter,
        })
    }

    /// The place as it ought to be.
    pub fn backdrop(self, canvas: &mut Canvas, dice: &mut Dice) {
        match self {
            Scene::Litter | Scene::Leaves | Scene::Rubble | Scene::Paving | Scene::Cover => {
                ground(canvas, dice, false)
            }
            Scene::Water | Scene::Crack => ground(canvas, dice, true),
            Scene::Facade | Scene::Posters | Scene::Cables => wall(canvas, dice),
            Scene::Green | Scene::Bench => park(canvas, dice),
            Scene::Lane => lane(canvas, dice),
            Scene::Yard => yard(canvas, dice),
            Scene::Stairs => stairs(canvas, dice),
            Scene::Board => board(canvas, dice),
            Scene::Bin
            | Scene::Stall
            | Scene::Goods
            | Scene::Cars
            | Scene::Bikes
            | Scene::Signs
            | Scene::Lamp
            | Scene::Works => street(canvas, dice),
        }
    }

    /// Things that stand there again once all is well.
    pub fn sound(self, canvas: &mut Canvas) {
        match self {
            Scene::Bin => bin(canvas, (380, 330)),
            Scene::Bench => bench(canvas, 0),
            Scene::Lamp => lamp(canvas, 0),
            Scene::Works => hoarding(canvas),
            Scene::Cover => cover(canvas, false),
            _ => {}
        }
    }

    /// What is wrong.
    pub fn fault(self, canvas: &mut Canvas, dice: &mut Dice) {
        match self {
            Scene::Litter => scatter(canvas, dice, 26, 150, &PAPER),
            Scene::Leaves => scatter(canvas, dice, 240, 150, &LEAF),
            Scene::Bin => {
                bin(canvas, (380, 330));
                canvas.ellipse((412, 332), (30, 16), [70, 74, 60], 256);
                for _ in 0..16 {
                    let at = (dice.between(340, 500) as i32, dice.between(396, 448) as i32);
                    scrap(canvas, at, 12, *dice.pick(&PAPER), dice);
                }
            }
            Scene::Water => {
                for _ in 0..7 {
                    let (at, wide) = (spot(dice, 180), dice.between(60, 150) as i32);
                    canvas.ellipse(at, (wide, wide / 4), [48, 56, 60], 170);
                    canvas.ellipse(
                        (at.0 - wide / 4, at.1 - 4),
                        (wide / 4, 4),
                        [190, 200, 205],
                        120,
                    );
                }
            }
            Scene::Rubble => heap(
                canvas,
                dice,
                (330, 400),
                240,
                &[
                    [128, 112, 96],
                    [150, 134, 118],
                    [104, 92, 82],
                    [170, 160, 150],
                ],
            ),
            Scene::Cover => cover(canvas, true),
            Scene::Crack => cracks(canvas, dice),
            Scene::Paving => {
                for _ in 0..9 {
                    let (x, y) = spot(dice, 220);
                    canvas.polygon(
                        &[(x, y), (x + 62, y + 8), (x + 54, y + 38), (x - 10, y + 32)],
                        [74, 66, 58],
                    );
                    canvas.polygon(
                        &[
                            (x + 18, y - 4),
                            (x + 74, y + 14),
                            (x + 60, y + 40),
                            (x + 6, y + 26),
                        ],
                        [158, 150, 140],
                    );
                }
            }
            Scene::Stall => stalls(canvas, dice),
            Scene::Goods => {
                for number in 0..9 {
                    let (x, y) = (
                        120 + number % 5 * 84 + dice.between(-10, 10) as i32,
                        372 - number / 5 * 50,
                    );
                    let colour = *dice.pick(&[[176, 138, 92], [160, 122, 78], [196, 160, 112]]);
                    canvas.fill((x, y), (78, 52), colour);
                    canvas.fill((x, y + 24), (78, 4), shade(colour, 200));
                    canvas.fill((x + 34, y), (8, 52), shade(colour, 225));
                }
            }
            Scene::Cars => {
                for number in 0..2 {
                    car(
                        canvas,
                        (60 + number * 290, 330 + dice.between(-8, 14) as i32),
                        *dice.pick(&PAINT),
                    );
                }
            }
            Scene::Bikes => {
                for number in 0..7 {
                    bike(
                        canvas,
                        (
                            60 + number * 78 + dice.between(-20, 20) as i32,
                            380 + dice.between(-26, 30) as i32,
                        ),
                        *dice.pick(&PAINT),
                    );
                }
            }
            Scene::Signs => {
                for number in 0..3 {
                    let x = 90 + number * 170 + dice.between(-20, 20) as i32;
                    light_box(canvas, (x, 300), *dice.pick(&PAINT), dice);
                }
                canvas.polygon(
                    &[(200, 150), (470, 178), (466, 214), (196, 186)],
                    [196, 44, 40],
                );
            }
            Scene::Lamp => lamp(canvas, dice.between(50, 90) as i32),
            Scene::Works => {
                hoarding(canvas);
                heap(
                    canvas,
                    dice,
                    (330, 440),
                    280,
                    &[[150, 110, 70], [130, 94, 60], [168, 128, 86]],
                );
                canvas.polygon(
                    &[(400, 214), (470, 240), (452, 380), (392, 372)],
                    [120, 110, 96],
                );
            }
            Scene::Facade => {
                for _ in 0..14 {
                    let (x, y) = (dice.between(20, 600) as i32, dice.between(20, 360) as i32);
                    canvas.ellipse(
                        (x, y),
                        (dice.between(14, 52) as i32, dice.between(10, 60) as i32),
                        [86, 82, 72],
                        110,
                    );
                }
                for number in 0..4 {
                    canvas.fill((60 + number * 150, 190), (64, 44), [212, 214, 212]);
                    canvas.ellipse((92 + number * 150, 212), (16, 16), [120, 122, 124], 256);
                    canvas.wash((78 + number * 150, 234), (10, 130), [60, 56, 48], 120);
                }
            }
            Scene::Posters => {
                for _ in 0..18 {
                    let (x, y) = (dice.between(10, 590) as i32, dice.between(230, 420) as i32);
                    poster(
                        canvas,
                        (x, y),
                        (36, 46),
                        *dice.pick(&[[240, 238, 226], [236, 214, 90], [226, 120, 110]]),
                        dice,
                    );
                }
            }
            Scene::Cables => {
                for number in 0..9 {
                    canvas.hanging(
                        (0, 60 + number * 16),
                        (WIDTH, 40 + number * 19),
                        dice.between(40, 190) as i32,
                        3,
                        [26, 26, 28],
                    );
                }
                for number in 0..6 {
                    let (x, colour) = (70 + number * 90, *dice.pick(&PAINT));
                    canvas.polygon(
                        &[(x, 250), (x + 56, 250), (x + 48, 340), (x + 8, 340)],
                        colour,
                    );
                }
            }
            Scene::Green => {
                for _ in 0..6 {
                    let (x, y) = spot(dice, 300);
                    canvas.ellipse(
                        (x, y),
                        (dice.between(50, 130) as i32, 26),
                        [138, 104, 70],
                        240,
                    );
                }
                scatter(canvas, dice, 14, 230, &PAPER);
            }
            Scene::Bench => bench(canvas, 46),
            Scene::Lane => {
                heap(canvas, dice, (150, 430), 130, &PAPER);
                for number in 0..4 {
                    canvas.fill(
                        (430 + number * 34, 330 - number % 2 * 40),
                        (44, 70),
                        *dice.pick(&[[120, 88, 60], [90, 96, 100], [160, 130, 90]]),
                    );
                }
            }
            Scene::Yard => {
                for number in 0..3 {
                    car(
                        canvas,
                        (20 + number * 205, 350 + dice.between(-10, 16) as i32),
                        *dice.pick(&PAINT),
                    );
                }
            }
            Scene::Stairs => {
                heap(
                    canvas,
                    dice,
                    (170, 420),
                    120,
                    &[[170, 132, 88], [120, 124, 130], [190, 160, 120]],
                );
                bike(canvas, (330, 400), *dice.pick(&PAINT));
            }
            Scene::Board => {
                canvas.polygon(
                    &[(190, 120), (300, 128), (292, 250), (196, 240)],
                    [206, 200, 180],
                );
                for _ in 0..7 {
                    let (x, y) = (dice.between(150, 470) as i32, dice.between(110, 280) as i32);
                    poster(canvas, (x, y), (40, 30), [222, 214, 190], dice);
                }
                canvas.stroke((140, 300), (500, 140), 3, [60, 60, 60]);
            }
        }
    }
}

const PAPER: [Colour; 5] = [
    [236, 234, 226],
    [206, 60, 52],
    [70, 120, 190],
    [222, 190, 70],
    [120, 130, 120],
];
const LEAF: [Colour; 4] = [
    [214, 168, 40],
    [190, 130, 36],
    [160, 96, 40],
    [226, 190, 66],
];
const PAINT: [Colour; 6] = [
    [40, 90, 160],
    [190, 48, 44],
    [232, 232, 230],
    [44, 46, 50],
    [236, 190, 40],
    [60, 140, 90],
];
const WALLS: [Colour; 5] = [
    [206, 196, 180],
    [188, 178, 170],
    [214, 206, 196],
    [176, 182, 188],
    [200, 180, 160],
];
const SKY: [Colour; 3] = [[170, 196, 222], [196, 206, 214], [150, 182, 214]];

fn spot(dice: &mut Dice, top: i64) -> At {
    (dice.between(40, 600) as i32, dice.between(top, 430) as i32)
}

/// Houses, shops, a pavement and the edge of the carriageway.
fn street(canvas: &mut Canvas, dice: &mut Dice) {
    canvas.gradient((0, 0), (WIDTH, 120), *dice.pick(&SKY), [226, 230, 232]);
    let mut x = 0;
    while x < WIDTH {
        let (wide, top, wall) = (
            dice.between(120, 210) as i32,
            dice.between(10, 70) as i32,
            *dice.pick(&WALLS),
        );
        canvas.fill((x, top), (wide, 270 - top), wall);
        for row in 0..3 {
            for column in 0..wide / 44 {
                window(canvas, (x + 12 + column * 44, top + 16 + row * 44), dice);
            }
        }
        canvas.fill((x + 4, 176), (wide - 8, 26), *dice.pick(&PAINT));
        canvas.fill((x + 10, 206), (wide - 20, 64), [92, 100, 108]);
        canvas.wash((x + 16, 210), (wide / 3, 56), [200, 214, 220], 120);
        x += wide;
    }
    tiles(
        canvas,
        270,
        410,
        *dice.pick(&[[186, 178, 168], [170, 172, 172], [190, 170, 156]]),
    );
    canvas.fill((0, 410), (WIDTH, 10), [150, 150, 146]);
    canvas.gradient((0, 420), (WIDTH, HEIGHT - 420), [92, 94, 96], [72, 74, 76]);
    if dice.chance(600) {
        tree(canvas, (dice.between(520, 600) as i32, 300));
    }
}

fn window(canvas: &mut Canvas, (x, y): At, dice: &mut Dice) {
    canvas.fill((x, y), (26, 30), [236, 236, 232]);
    canvas.fill(
        (x + 2, y + 2),
        (22, 26),
        *dice.pick(&[[96, 116, 132], [120, 138, 150], [70, 86, 100]]),
    );
    canvas.fill((x + 12, y + 2), (2, 26), [236, 236, 232]);
}

/// A pavement in perspective: rows grow towards the eye.
fn tiles(canvas: &mut Canvas, top: i32, foot: i32, colour: Colour) {
    canvas.gradient((0, top), (WIDTH, foot - top), shade(colour, 235), colour);
    let (mut y, mut step) = (top, 8);
    while y < foot {
        canvas.fill((0, y), (WIDTH, 1), shade(colour, 200));
        y += step;
        step += 3;
    }
    for column in -10..=26 {
        canvas.stroke(
            (WIDTH / 2 + (column - 8) * 42, top),
            (WIDTH / 2 + (column - 8) * 76, foot),
            1,
            shade(colour, 206),
        );
    }
}

/// The ground before one's feet: asphalt, or tiles with a strip for the blind.
fn ground(canvas: &mut Canvas, dice: &mut Dice, asphalt: bool) {
    let kerb = dice.between(110, 150) as i32;
    if asphalt {
        tiles(
            canvas,
            0,
            kerb,
            *dice.pick(&[[186, 178, 168], [172, 172, 172]]),
        );
        canvas.fill((0, kerb), (WIDTH, 16), [166, 166, 160]);
        canvas.gradient(
            (0, kerb + 16),
            (WIDTH, HEIGHT),
            [98, 100, 102],
            [82, 84, 86],
        );
        canvas.polygon(
            &[
                (0, kerb + 120),
                (WIDTH, kerb + 70),
                (WIDTH, kerb + 84),
                (0, kerb + 140),
            ],
            [214, 214, 206],
        );
    } else {
        canvas.gradient((0, 0), (WIDTH, 80), [110, 140, 80], [94, 122, 70]);
        canvas.fill((0, 76), (WIDTH, 12), [160, 158, 150]);
        tiles(
            canvas,
            88,
            HEIGHT,
            *dice.pick(&[
                [186, 178, 168],
                [176, 160, 150],
                [166, 170, 172],
                [190, 176, 150],
            ]),
        );
        let x = dice.between(400, 470) as i32;
        canvas.polygon(
            &[(x, 88), (x + 40, 88), (x + 120, HEIGHT), (x + 20, HEIGHT)],
            [206, 178, 72],
        );
    }
}

fn wall(canvas: &mut Canvas, dice: &mut Dice) {
    let colour = *dice.pick(&WALLS);
    canvas.gradient((0, 0), (WIDTH, 400), colour, shade(colour, 236));
    for row in 0..20 {
        canvas.fill((0, row * 20), (WIDTH, 1), shade(colour, 226));
    }
    for column in 0..4 {
        let x = 50 + column * 150;
        canvas.fill((x, 50), (90, 110), [232, 232, 228]);
        canvas.fill(
            (x + 6, 56),
            (78, 98),
            *dice.pick(&[[96, 116, 132], [120, 138, 150]]),
        );
        canvas.fill((x + 43, 56), (4, 98), [232, 232, 228]);
    }
    tiles(canvas, 400, HEIGHT, [170, 168, 164]);
}

fn park(canvas: &mut Canvas, dice: &mut Dice) {
    canvas.gradient((0, 0), (WIDTH, 200), *dice.pick(&SKY), [228, 232, 230]);
    for number in 0..7 {
        tree(
            canvas,
            (
                40 + number * 96 + dice.between(-20, 20) as i32,
                150 + dice.between(-14, 14) as i32,
            ),
        );
    }
    canvas.gradient(
        (0, 200),
        (WIDTH, HEIGHT - 200),
        [112, 150, 74],
        [86, 126, 58],
    );
    canvas.polygon(
        &[(300, 200), (350, 200), (560, HEIGHT), (250, HEIGHT)],
        [196, 186, 168],
    );
}

fn lane(canvas: &mut Canvas, dice: &mut Dice) {
    canvas.gradient((0, 0), (WIDTH, 250), *dice.pick(&SKY), [224, 226, 226]);
    let (left, right) = (*dice.pick(&WALLS), *dice.pick(&WALLS));
    canvas.polygon(
        &[(0, 0), (260, 110), (260, 250), (0, HEIGHT)],
        shade(left, 220),
    );
    canvas.polygon(
        &[(WIDTH, 0), (380, 110), (380, 250), (WIDTH, HEIGHT)],
        right,
    );
    canvas.polygon(
        &[(260, 250), (380, 250), (WIDTH, HEIGHT), (0, HEIGHT)],
        [150, 150, 148],
    );
    for number in 0..3 {
        let x = 30 + number * 70;
        canvas.fill((x, 120 + number * 22), (40, 70), [84, 96, 106]);
        canvas.fill((WIDTH - x - 40, 120 + number * 22), (40, 70), [84, 96, 106]);
    }
}

fn yard(canvas: &mut Canvas, dice: &mut Dice) {
    canvas.gradient((0, 0), (WIDTH, 250), *dice.pick(&SKY), [226, 230, 232]);
    for number in 0..3 {
        let (x, wall) = (number * 220 - 10, *dice.pick(&WALLS));
        canvas.fill((x, 10), (200, 240), wall);
        for row in 0..5 {
            for column in 0..4 {
                window(canvas, (x + 16 + column * 46, 20 + row * 46), dice);
            }
        }
    }
    canvas.gradient((0, 250), (WIDTH, 40), [100, 138, 70], [86, 122, 60]);
    canvas.gradient(
        (0, 290),
        (WIDTH, HEIGHT - 290),
        [126, 128, 130],
        [104, 106, 108],
    );
    for number in 0..5 {
        canvas.stroke(
            (40 + number * 150, 300),
            (number * 190 - 60, HEIGHT),
            4,
            [222, 222, 214],
        );
    }
    canvas.fill((0, 296), (WIDTH, 8), [226, 190, 60]);
}

fn stairs(canvas: &mut Canvas, dice: &mut Dice) {
    let colour = *dice.pick(&[[222, 218, 208], [206, 212, 208], [216, 206, 196]]);
    canvas.gradient((0, 0), (WIDTH, 380), colour, shade(colour, 230));
    canvas.fill((0, 250), (WIDTH, 130), between(colour, [90, 140, 120], 110));
    canvas.gradient((0, 380), (WIDTH, 100), [160, 158, 154], [136, 134, 130]);
    for step in 0..9 {
        canvas.fill(
            (420 + step * 10, 370 - step * 34),
            (230, 34),
            shade([178, 176, 172], 256 - step * 8),
        );
        canvas.fill(
            (420 + step * 10, 370 - step * 34),
            (230, 4),
            [120, 118, 114],
        );
    }
    canvas.fill((60, 110), (110, 250), [120, 72, 52]);
    canvas.fill((66, 118), (98, 236), [142, 88, 62]);
    canvas.fill((230, 170), (70, 50), [196, 48, 42]);
}

fn board(canvas: &mut Canvas, dice: &mut Dice) {
    wall(canvas, dice);
    canvas.fill((126, 84), (390, 232), [110, 30, 28]);
    canvas.fill((138, 96), (366, 208), [240, 238, 230]);
    canvas.fill((138, 96), (366, 30), [196, 44, 40]);
    for number in 0..3 {
        poster(
            canvas,
            (154 + number * 118, 140),
            (100, 146),
            [250, 250, 246],
            dice,
        );
    }
}

fn tree(canvas: &mut Canvas, (x, y): At) {
    canvas.fill((x - 7, y), (14, 90), [104, 80, 60]);
    for (dx, dy, size) in [(0, -30, 52), (-30, 0, 36), (30, -4, 38), (0, 10, 40)] {
        canvas.ellipse(
            (x + dx, y + dy),
            (size, size * 4 / 5),
            shade([84, 128, 66], 256 - dx.abs()),
            256,
        );
    }
}

fn bin(canvas: &mut Canvas, (x, y): At) {
    canvas.fill((x, y), (64, 76), [62, 110, 78]);
    canvas.fill((x - 4, y - 10), (72, 14), [48, 88, 62]);
    canvas.fill((x + 30, y + 4), (4, 70), [46, 84, 60]);
}

fn bench(canvas: &mut Canvas, broken: i32) {
    let colour = [150, 104, 66];
    for slat in 0..3 {
        canvas.polygon(
            &[
                (90, 330 + slat * 16),
                (290, 330 + slat * 16 + broken * slat / 2),
                (290, 340 + slat * 16 + broken * slat / 2),
                (90, 340 + slat * 16),
            ],
            colour,
        );
    }
    canvas.fill((104, 370), (12, 50), [70, 72, 74]);
    canvas.fill((262, 370 + broken), (12, 50 - broken), [70, 72, 74]);
    for slat in 0..3 - (broken > 0) as i32 {
        canvas.fill((90, 270 + slat * 18), (200, 11), shade(colour, 240));
    }
}

fn lamp(canvas: &mut Canvas, tilt: i32) {
    canvas.stroke((480, 400), (480 + tilt, 70), 9, [96, 100, 104]);
    canvas.stroke((480 + tilt, 72), (420 + tilt, 60), 7, [96, 100, 104]);
    canvas.ellipse((414 + tilt, 62), (22, 9), [236, 232, 200], 256);
    canvas.fill((466, 392), (28, 20), [80, 84, 88]);
}

fn hoarding(canvas: &mut Canvas) {
    for panel in 0..7 {
        canvas.fill((panel * 94, 200), (90, 172), [70, 130, 176]);
        canvas.fill((panel * 94, 200), (90, 10), [226, 228, 226]);
        canvas.fill((panel * 94 + 90, 196), (4, 180), [190, 192, 194]);
    }
}

fn cover(canvas: &mut Canvas, open: bool) {
    let at = (300, 330);
    if open {
        canvas.ellipse(at, (104, 58), [60, 58, 56], 256);
        canvas.ellipse((300, 336), (92, 48), [14, 14, 16], 256);
        canvas.ellipse((398, 372), (104, 56), [40, 40, 42], 256);
    }
    let at = if open { (396, 366) } else { at };
    canvas.ellipse(at, (104, 58), [70, 70, 72], 256);
    canvas.ellipse(at, (94, 50), [112, 112, 112], 256);
    for row in -3..=3 {
        for column in -4..=4i32 {
            if row * row * 5 + column * column * 2 < 40 {
                canvas.fill(
                    (at.0 + column * 18 - 5, at.1 + row * 13 - 3),
                    (10, 6),
                    [84, 84, 86],
                );
            }
        }
    }
}

fn cracks(canvas: &mut Canvas, dice: &mut Dice) {
    for _ in 0..5 {
        let mut at = spot(dice, 210);
        for _ in 0..9 {
            let next = (
                at.0 + dice.between(-20, 48) as i32,
                at.1 + dice.between(-14, 22) as i32,
            );
            canvas.stroke(at, next, dice.between(2, 6) as i32, [40, 40, 42]);
            at = next;
        }
    }
    let (x, y) = spot(dice, 300);
    canvas.ellipse((x, y), (96, 34), [54, 52, 50], 256);
    canvas.ellipse((x + 4, y + 5), (78, 24), [36, 34, 34], 256);
}

fn stalls(canvas: &mut Canvas, dice: &mut Dice) {
    for number in 0..3 {
        let (x, colour) = (
            40 + number * 196 + dice.between(-14, 14) as i32,
            *dice.pick(&PAINT),
        );
        canvas.stroke((x + 80, 210), (x + 80, 340), 5, [110, 110, 108]);
        canvas.polygon(&[(x + 80, 176), (x + 176, 232), (x - 16, 232)], colour);
        canvas.polygon(
            &[(x + 80, 176), (x + 112, 232), (x + 48, 232)],
            between(colour, [255, 255, 255], 120),
        );
        canvas.fill((x, 336), (160, 16), [150, 116, 80]);
        for fruit in 0..24 {
            let at = (x + 10 + fruit % 8 * 20, 334 - fruit / 8 * 9);
            canvas.ellipse(
                at,
                (10, 9),
                *dice.pick(&[
                    [210, 60, 44],
                    [226, 150, 40],
                    [110, 160, 60],
                    [230, 200, 60],
                ]),
                256,
            );
        }
        canvas.fill((x + 8, 352), (8, 50), [90, 74, 58]);
        canvas.fill((x + 144, 352), (8, 50), [90, 74, 58]);
    }
}

fn car(canvas: &mut Canvas, (x, y): At, colour: Colour) {
    canvas.ellipse((x + 120, y + 92), (130, 10), [40, 40, 42], 140);
    canvas.polygon(
        &[
            (x + 50, y + 36),
            (x + 84, y),
            (x + 170, y),
            (x + 204, y + 36),
        ],
        shade(colour, 236),
    );
    canvas.polygon(
        &[
            (x + 62, y + 34),
            (x + 88, y + 8),
            (x + 122, y + 8),
            (x + 122, y + 34),
        ],
        [70, 84, 96],
    );
    canvas.polygon(
        &[
            (x + 130, y + 8),
            (x + 166, y + 8),
            (x + 192, y + 34),
            (x + 130, y + 34),
        ],
        [70, 84, 96],
    );
    canvas.fill((x + 6, y + 36), (232, 42), colour);
    canvas.fill((x + 6, y + 66), (232, 6), shade(colour, 190));
    canvas.fill((x + 8, y + 44), (16, 10), [250, 236, 170]);
    canvas.fill((x + 222, y + 44), (14, 10), [200, 50, 44]);
    canvas.wheel((x + 56, y + 78), 22, [28, 28, 30], [150, 152, 154]);
    canvas.wheel((x + 188, y + 78), 22, [28, 28, 30], [150, 152, 154]);
}

fn bike(canvas: &mut Canvas, (x, y): At, colour: Colour) {
    for wheel in [(x, y), (x + 62, y)] {
        canvas.wheel(wheel, 24, [30, 30, 32], [176, 172, 166]);
    }
    for (from, to) in [
        ((x, y), (x + 24, y - 34)),
        ((x + 24, y - 34), (x + 54, y - 34)),
        ((x + 54, y - 34), (x + 62, y)),
        ((x + 26, y), (x + 54, y - 32)),
        ((x, y), (x + 26, y)),
        ((x + 26, y), (x + 22, y - 42)),
    ] {
        canvas.stroke(from, to, 5, colour);
    }
    canvas.fill((x + 12, y - 46), (22, 6), [30, 30, 32]);
    canvas.stroke((x + 54, y - 34), (x + 50, y - 50), 4, [60, 60, 62]);
    canvas.stroke((x + 40, y - 52), (x + 56, y - 50), 4, [60, 60, 62]);
}

fn light_box(canvas: &mut Canvas, (x, y): At, colour: Colour, dice: &mut Dice) {
    canvas.fill((x, y), (64, 96), [60, 62, 64]);
    poster(
        canvas,
        (x + 4, y + 4),
        (56, 80),
        between(colour, [255, 255, 255], 60),
        dice,
    );
    canvas.fill((x + 6, y + 96), (10, 10), [40, 40, 42]);
    canvas.fill((x + 48, y + 96), (10, 10), [40, 40, 42]);
}

/// Paper with lines that nobody can read.
fn poster(canvas: &mut Canvas, (x, y): At, (wide, high): At, colour: Colour, dice: &mut Dice) {
    canvas.fill((x, y), (wide, high), colour);
    canvas.fill((x, y + high - 1), (wide, 1), shade(colour, 180));
    for line in 1..high / 9 {
        canvas.fill(
            (x + 5, y + line * 9 - 3),
            (
                dice.between(i64::from(wide) / 3, i64::from(wide) - 10) as i32,
                3,
            ),
            shade(colour, 140),
        );
    }
}

fn scrap(canvas: &mut Canvas, (x, y): At, size: i32, colour: Colour, dice: &mut Dice) {
    let mut throw = || dice.between(-3, i64::from(size)) as i32;
    canvas.polygon(
        &[
            (x - throw(), y - throw() / 2),
            (x + throw() + 4, y - throw() / 2),
            (x + throw(), y + throw() / 2 + 3),
            (x - throw() - 2, y + throw() / 2),
        ],
        colour,
    );
}

fn scatter(canvas: &mut Canvas, dice: &mut Dice, count: i32, top: i64, colours: &[Colour]) {
    for _ in 0..count {
        let at = spot(dice, top);
        let size = 8 + at.1 / 40;
        canvas.wash((at.0 - size / 2, at.1 + 3), (size, 3), [50, 48, 46], 90);
        scrap(canvas, at, size, *dice.pick(colours), dice);
    }
}

fn heap(canvas: &mut Canvas, dice: &mut Dice, (x, y): At, wide: i32, colours: &[Colour]) {
    for row in 0..7 {
        let half = i64::from(wide * (7 - row) / 14);
        for _ in 0..14 - row {
            let at = (
                x + dice.between(-half, half) as i32,
                y - row * 13 + dice.between(-6, 6) as i32,
            );
            scrap(canvas, at, 20, *dice.pick(colours), dice);
            canvas.ellipse(at, (9, 6), shade(*dice.pick(colours), 236), 256);
        }
    }
}
