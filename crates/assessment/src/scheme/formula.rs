//! Formulas: what structured clauses cannot say (§8). Exact, without loops, and total: a missing operand or a
//! division by zero makes the value missing, never wrong.

use std::{fmt, ops::Range};

use super::ItemIndex;
use crate::{
    message::Message,
    points::{Mode, Points},
};

/// A number to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    Number(Points),
    Item(ItemIndex),
    Attribute(String),
    Known(Known),
    Negative(Box<Expression>),
    Operation(Operator, Box<Expression>, Box<Expression>),
    Least(Vec<Expression>),
    Greatest(Vec<Expression>),
    Abs(Box<Expression>),
    Floor(Box<Expression>),
    Ceil(Box<Expression>),
    Round(Box<Expression>, u32),
    Given(Box<Expression>, Box<Expression>),
    If(Box<Condition>, Box<Expression>, Box<Expression>),
}

/// A yes or no to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    Compare(Comparison, Expression, Expression),
    Present(Expression),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
    Not(Box<Condition>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Plus,
    Minus,
    Times,
    Over,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// Quantities that only a ranking knows; conditions of awards and ranking vetoes may name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    Score,
    Place,
    Last,
    Ranked,
}

const KNOWN: [(&str, Known); 4] = [
    ("score", Known::Score),
    ("place", Known::Place),
    ("last", Known::Last),
    ("ranked", Known::Ranked),
];

/// What the names in a formula stand for.
pub trait Names {
    fn item(&self, item: ItemIndex) -> Option<Points>;
    fn attribute(&self, name: &str) -> Option<Points>;
    fn known(&self, _: Known) -> Option<Points> {
        None
    }
}

impl Expression {
    /// Its value; `None` if an operand is missing or a divisor is zero.
    pub fn value(&self, names: &impl Names) -> Option<Points> {
        Some(match self {
            Expression::Number(number) => number.clone(),
            Expression::Item(item) => names.item(*item)?,
            Expression::Attribute(name) => names.attribute(name)?,
            Expression::Known(known) => names.known(*known)?,
            Expression::Negative(of) => -of.value(names)?,
            Expression::Operation(operator, left, right) => {
                let (left, right) = (left.value(names)?, right.value(names)?);
                match operator {
                    Operator::Plus => left + right,
                    Operator::Minus => left - right,
                    Operator::Times => left * right,
                    Operator::Over => left.checked_div(&right)?,
                }
            }
            Expression::Least(list) => values(list, names)?.into_iter().min()?,
            Expression::Greatest(list) => values(list, names)?.into_iter().max()?,
            Expression::Abs(of) => of.value(names)?.abs(),
            Expression::Floor(of) => Points(of.value(names)?.0.floor()),
            Expression::Ceil(of) => Points(of.value(names)?.0.ceil()),
            Expression::Round(of, digits) => of.value(names)?.round(*digits, Mode::HalfUp),
            Expression::Given(first, second) => {
                first.value(names).or_else(|| second.value(names))?
            }
            Expression::If(condition, yes, no) => {
                (if condition.holds(names) { yes } else { no }).value(names)?
            }
        })
    }

    /// The items it names, each once, in order of appearance.
    pub fn items(&self) -> Vec<ItemIndex> {
        let mut items = vec![];
        self.walk(&mut |expression| {
            if let Expression::Item(item) = expression
                && !items.contains(item)
            {
                items.push(*item);
            }
        });
        items
    }

    fn walk(&self, visit: &mut impl FnMut(&Expression)) {
        visit(self);
        match self {
            Expression::Number(_)
            | Expression::Item(_)
            | Expression::Attribute(_)
            | Expression::Known(_) => {}
            Expression::Negative(of)
            | Expression::Abs(of)
            | Expression::Floor(of)
            | Expression::Ceil(of)
            | Expression::Round(of, _) => of.walk(visit),
            Expression::Operation(_, a, b) | Expression::Given(a, b) => {
                a.walk(visit);
                b.walk(visit);
            }
            Expression::Least(list) | Expression::Greatest(list) => {
                list.iter().for_each(|each| each.walk(visit))
            }
            Expression::If(condition, a, b) => {
                condition.walk(visit);
                a.walk(visit);
                b.walk(visit);
            }
        }
    }
}

fn values(list: &[Expression], names: &impl Names) -> Option<Vec<Points>> {
    list.iter().map(|each| each.value(names)).collect()
}

impl Condition {
    /// Whether it holds; what cannot be known does not hold.
    pub fn holds(&self, names: &impl Names) -> bool {
        match self {
            Condition::Compare(comparison, left, right) => {
                match (left.value(names), right.value(names)) {
                    (Some(left), Some(right)) => match comparison {
                        Comparison::Equal => left == right,
                        Comparison::NotEqual => left != right,
                        Comparison::Less => left < right,
                        Comparison::AtMost => left <= right,
                        Comparison::More => left > right,
                        Comparison::AtLeast => left >= right,
                    },
                    _ => false,
                }
            }
            Condition::Present(of) => of.value(names).is_some(),
            Condition::And(left, right) => left.holds(names) && right.holds(names),
            Condition::Or(left, right) => left.holds(names) || right.holds(names),
            Condition::Not(of) => !of.holds(names),
        }
    }

    /// The items it names.
    pub fn items(&self) -> Vec<ItemIndex> {
        Expression::If(
            Box::new(self.clone()),
            Box::new(Expression::Number(Points::zero())),
            Box::new(Expression::Number(Points::zero())),
        )
        .items()
    }

    fn walk(&self, visit: &mut impl FnMut(&Expression)) {
        match self {
            Condition::Compare(_, a, b) => {
                a.walk(visit);
                b.walk(visit);
            }
            Condition::Present(of) => of.walk(visit),
            Condition::And(a, b) | Condition::Or(a, b) => {
                a.walk(visit);
                b.walk(visit);
            }
            Condition::Not(of) => of.walk(visit),
        }
    }
}

/// What is wrong with a formula, and where: bytes within its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormulaFault {
    pub at: Range<usize>,
    pub message: Message,
}

/// Reads an expression; `item` finds the item of a name.
pub fn expression(
    text: &str,
    item: &dyn Fn(&str) -> Option<ItemIndex>,
) -> Result<Expression, FormulaFault> {
    let mut parser = Parser::new(text, item, false)?;
    let expression = parser.sum()?;
    parser.end()?;
    Ok(expression)
}

/// Reads a condition; `ranking` allows the names that only a ranking knows.
pub fn condition(
    text: &str,
    item: &dyn Fn(&str) -> Option<ItemIndex>,
    ranking: bool,
) -> Result<Condition, FormulaFault> {
    let mut parser = Parser::new(text, item, ranking)?;
    let condition = parser.either()?;
    parser.end()?;
    Ok(condition)
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Number(Points),
    Name(String),
    Sign(&'static str),
    End,
}

struct Parser<'a> {
    tokens: Vec<(Token, Range<usize>)>,
    next: usize,
    depth: usize,
    item: &'a dyn Fn(&str) -> Option<ItemIndex>,
    ranking: bool,
}

const SIGNS: [&str; 13] = [
    "<=", ">=", "!=", "<", ">", "=", "+", "-", "*", "/", "(", ")", ",",
];
/// Deeper nesting than this is no rule that an official could read.
const DEEPEST: usize = 24;

type Parsed<T> = Result<T, FormulaFault>;

impl<'a> Parser<'a> {
    fn new(text: &str, item: &'a dyn Fn(&str) -> Option<ItemIndex>, ranking: bool) -> Parsed<Self> {
        Ok(Parser {
            tokens: tokens(text)?,
            next: 0,
            depth: 0,
            item,
            ranking,
        })
    }

    fn peek(&self) -> &Token {
        &self.tokens[self.next].0
    }

    fn at(&self) -> Range<usize> {
        self.tokens[self.next].1.clone()
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(found) if *found == sign);
        self.next += usize::from(found);
        found
    }

    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Token::Name(found) if found == word);
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &'static str) -> Parsed<()> {
        if self.take(sign) {
            Ok(())
        } else {
            Err(self.fault(Message::new("formula-expected").with("sign", sign)))
        }
    }

    fn fault(&self, message: Message) -> FormulaFault {
        FormulaFault {
            at: self.at(),
            message,
        }
    }

    fn end(&mut self) -> Parsed<()> {
        match self.peek() {
            Token::End => Ok(()),
            _ => Err(self.fault(Message::new("formula-left-over"))),
        }
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.fault(Message::new("formula-too-deep")));
        }
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn either(&mut self) -> Parsed<Condition> {
        let mut left = self.both()?;
        while self.word("or") {
            left = Condition::Or(Box::new(left), Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Parsed<Condition> {
        let mut left = self.negated()?;
        while self.word("and") {
            left = Condition::And(Box::new(left), Box::new(self.negated()?));
        }
        Ok(left)
    }

    fn negated(&mut self) -> Parsed<Condition> {
        if self.word("not") {
            return Ok(Condition::Not(Box::new(self.deeper(Self::negated)?)));
        }
        if self.word("present") {
            self.expect("(")?;
            let of = self.sum()?;
            self.expect(")")?;
            return Ok(Condition::Present(of));
        }
        // A parenthesis may open a condition or a number: try the condition, and come back if it is none.
        if matches!(self.peek(), Token::Sign("(")) {
            let here = (self.next, self.depth);
            self.next += 1;
            if let Ok(inner) = self.deeper(Self::either)
                && self.take(")")
                && !matches!(
                    self.peek(),
                    Token::Sign("<=" | ">=" | "!=" | "<" | ">" | "=" | "+" | "-" | "*" | "/")
                )
            {
                return Ok(inner);
            }
            (self.next, self.depth) = here;
        }
        let left = self.sum()?;
        let comparison = match self.peek() {
            Token::Sign("=") => Comparison::Equal,
            Token::Sign("!=") => Comparison::NotEqual,
            Token::Sign("<") => Comparison::Less,
            Token::Sign("<=") => Comparison::AtMost,
            Token::Sign(">") => Comparison::More,
            Token::Sign(">=") => Comparison::AtLeast,
            _ => return Err(self.fault(Message::new("formula-expected-comparison"))),
        };
        self.next += 1;
        Ok(Condition::Compare(comparison, left, self.sum()?))
    }

    fn sum(&mut self) -> Parsed<Expression> {
        let mut left = self.product()?;
        loop {
            let operator = match self.peek() {
                Token::Sign("+") => Operator::Plus,
                Token::Sign("-") => Operator::Minus,
                _ => return Ok(left),
            };
            self.next += 1;
            left = Expression::Operation(operator, Box::new(left), Box::new(self.product()?));
        }
    }

    fn product(&mut self) -> Parsed<Expression> {
        let mut left = self.signed()?;
        loop {
            let operator = match self.peek() {
                Token::Sign("*") => Operator::Times,
                Token::Sign("/") => Operator::Over,
                _ => return Ok(left),
            };
            self.next += 1;
            left = Expression::Operation(operator, Box::new(left), Box::new(self.signed()?));
        }
    }

    fn signed(&mut self) -> Parsed<Expression> {
        if self.take("-") {
            return Ok(Expression::Negative(Box::new(self.deeper(Self::signed)?)));
        }
        self.deeper(Self::single)
    }

    fn single(&mut self) -> Parsed<Expression> {
        if self.take("(") {
            let inner = self.sum()?;
            self.expect(")")?;
            return Ok(inner);
        }
        match self.peek().clone() {
            Token::Number(number) => {
                self.next += 1;
                Ok(Expression::Number(number))
            }
            Token::Name(name) => self.named(&name),
            _ => Err(self.fault(Message::new("formula-expected-value"))),
        }
    }

    fn named(&mut self, name: &str) -> Parsed<Expression> {
        let at = self.at();
        self.next += 1;
        if matches!(self.peek(), Token::Sign("(")) {
            self.next += 1;
            let call = self.call(name, at)?;
            self.expect(")")?;
            return Ok(call);
        }
        if let Some(attribute) = name.strip_prefix("unit.") {
            return Ok(Expression::Attribute(attribute.to_owned()));
        }
        if let Some((_, known)) = KNOWN
            .iter()
            .find(|(known, _)| *known == name)
            .filter(|_| self.ranking)
        {
            return Ok(Expression::Known(*known));
        }
        match (self.item)(name) {
            Some(item) => Ok(Expression::Item(item)),
            None => Err(FormulaFault {
                at,
                message: Message::new("formula-unknown-name").with("name", name),
            }),
        }
    }

    fn call(&mut self, name: &str, at: Range<usize>) -> Parsed<Expression> {
        let boxed = Box::new;
        Ok(match name {
            "min" => Expression::Least(self.list()?),
            "max" => Expression::Greatest(self.list()?),
            "abs" => Expression::Abs(boxed(self.sum()?)),
            "floor" => Expression::Floor(boxed(self.sum()?)),
            "ceil" => Expression::Ceil(boxed(self.sum()?)),
            "round" => {
                let of = self.sum()?;
                self.expect(",")?;
                Expression::Round(boxed(of), self.digits()?)
            }
            "given" => {
                let first = self.sum()?;
                self.expect(",")?;
                Expression::Given(boxed(first), boxed(self.sum()?))
            }
            "if" => {
                let condition = self.either()?;
                self.expect(",")?;
                let yes = self.sum()?;
                self.expect(",")?;
                Expression::If(Box::new(condition), boxed(yes), boxed(self.sum()?))
            }
            _ => {
                return Err(FormulaFault {
                    at,
                    message: Message::new("formula-unknown-function").with("name", name),
                });
            }
        })
    }

    fn list(&mut self) -> Parsed<Vec<Expression>> {
        let mut list = vec![self.sum()?];
        while self.take(",") {
            list.push(self.sum()?);
        }
        Ok(list)
    }

    fn digits(&mut self) -> Parsed<u32> {
        if let Token::Number(number) = self.peek()
            && let Some(digits) = number
                .to_i64()
                .and_then(|digits| u32::try_from(digits).ok())
            && digits <= 20
        {
            self.next += 1;
            return Ok(digits);
        }
        Err(self.fault(Message::new("formula-expected-digits")))
    }
}

fn tokens(text: &str) -> Parsed<Vec<(Token, Range<usize>)>> {
    let mut tokens = vec![];
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = |fits: &dyn Fn(char) -> bool| rest.find(|c| !fits(c)).unwrap_or(rest.len());
        let (token, size) = if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        } else if first.is_ascii_digit() {
            let size = length(&|c| c.is_ascii_digit() || c == '.');
            let number = Points::parse(&rest[..size]).map_err(|_| FormulaFault {
                at: at..at + size,
                message: Message::new("formula-bad-number"),
            })?;
            (Token::Number(number), size)
        } else if first.is_ascii_alphabetic() {
            let size = length(&|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
            (Token::Name(rest[..size].to_owned()), size)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), sign.len())
        } else {
            let message =
                Message::new("formula-strange-character").with("character", first.to_string());
            return Err(FormulaFault {
                at: at..at + first.len_utf8(),
                message,
            });
        };
        tokens.push((token, at..at + size));
        at += size;
    }
    tokens.push((Token::End, text.len()..text.len()));
    Ok(tokens)
}

/// A formula for readers: names of items instead of indexes.
pub struct Shown<'a, T>(pub &'a T, pub &'a dyn Fn(ItemIndex) -> String);

impl fmt::Display for Shown<'_, Expression> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shown(expression, name) = self;
        let shown = |of: &'_ Expression| Shown(of, *name).to_string();
        let list = |f: &mut fmt::Formatter<'_>, function: &str, list: &[&Expression]| {
            write!(f, "{function}(")?;
            for (index, each) in list.iter().enumerate() {
                write!(
                    f,
                    "{}{}",
                    if index > 0 { ", " } else { "" },
                    Shown(*each, *name)
                )?;
            }
            f.write_str(")")
        };
        match expression {
            Expression::Number(number) => f.write_str(&number.to_exact_text()),
            Expression::Item(item) => f.write_str(&name(*item)),
            Expression::Attribute(attribute) => write!(f, "unit.{attribute}"),
            Expression::Known(known) => f.write_str(
                KNOWN
                    .iter()
                    .find(|(_, each)| each == known)
                    .expect("listed above")
                    .0,
            ),
            Expression::Negative(of) => write!(f, "-{}", shown(of)),
            Expression::Operation(operator, a, b) => {
                let sign = match operator {
                    Operator::Plus => "+",
                    Operator::Minus => "-",
                    Operator::Times => "*",
                    Operator::Over => "/",
                };
                write!(f, "({} {sign} {})", shown(a), shown(b))
            }
            Expression::Least(of) => list(f, "min", &of.iter().collect::<Vec<_>>()),
            Expression::Greatest(of) => list(f, "max", &of.iter().collect::<Vec<_>>()),
            Expression::Abs(of) => list(f, "abs", &[of]),
            Expression::Floor(of) => list(f, "floor", &[of]),
            Expression::Ceil(of) => list(f, "ceil", &[of]),
            Expression::Round(of, digits) => write!(f, "round({}, {digits})", shown(of)),
            Expression::Given(a, b) => list(f, "given", &[a, b]),
            Expression::If(condition, a, b) => {
                write!(
                    f,
                    "if({}, {}, {})",
                    Shown(&**condition, *name),
                    shown(a),
                    shown(b)
                )
            }
        }
    }
}

impl fmt::Display for Shown<'_, Condition> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shown(condition, name) = self;
        let shown = |of| Shown::<Condition>(of, *name);
        match condition {
            Condition::Compare(comparison, a, b) => {
                let sign = match comparison {
                    Comparison::Equal => "=",
                    Comparison::NotEqual => "!=",
                    Comparison::Less => "<",
                    Comparison::AtMost => "<=",
                    Comparison::More => ">",
                    Comparison::AtLeast => ">=",
                };
                write!(f, "{} {sign} {}", Shown(a, *name), Shown(b, *name))
            }
            Condition::Present(of) => write!(f, "present({})", Shown(of, *name)),
            Condition::And(a, b) => write!(f, "({} and {})", shown(a), shown(b)),
            Condition::Or(a, b) => write!(f, "({} or {})", shown(a), shown(b)),
            Condition::Not(of) => write!(f, "not ({})", shown(of)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Town;

    impl Names for Town {
        fn item(&self, item: ItemIndex) -> Option<Points> {
            [Some(Points::from(90)), Some(Points::from(4)), None][item].clone()
        }

        fn attribute(&self, name: &str) -> Option<Points> {
            (name == "population").then(|| Points::from(1000))
        }
    }

    fn item(name: &str) -> Option<ItemIndex> {
        ["field", "found", "unknown"]
            .iter()
            .position(|each| *each == name)
    }

    #[test]
    fn formulas_are_exact_and_total() {
        let table = [
            ("field + found * 2", "98"),
            ("(field + found) * 2", "188"),
            ("1 / 3 + 1 / 6", "0.5"),
            ("-field - -found", "-86"),
            ("min(field, 60, 70)", "60"),
            ("max(field, 60)", "90"),
            ("round(2 / 3, 2)", "0.67"),
            ("floor(-0.5) + ceil(0.5)", "0"),
            ("found / unit.population * 10000", "40"),
            ("if(field >= 90 and not (found > 4), 1, 2)", "1"),
            ("if((field + 1) > 90, 1, 2)", "1"),
            ("if((field > 90 or (found = 4)), 1, 2)", "1"),
            ("given(unknown, 7)", "7"),
            ("if(present(unknown), 1, 2)", "2"),
            ("if(not unknown > 3, 1, 2)", "1"),
            ("unknown + 1", "missing"),
            ("1 / (found - 4)", "missing"),
            ("if(found = 4, 1, unknown)", "1"),
            ("unit.nothing", "missing"),
        ];
        for (text, expected) in table {
            let value = expression(text, &item).unwrap().value(&Town);
            let shown = value.map_or("missing".into(), |value| value.to_exact_text());
            assert_eq!(shown, expected, "{text}");
        }
    }

    #[test]
    fn faults_point_at_their_place() {
        let table = [
            ("field +", 7..7, "formula-expected-value"),
            ("fild + 1", 0..4, "formula-unknown-name{name=fild}"),
            ("power(2, 3)", 0..5, "formula-unknown-function{name=power}"),
            ("field 3", 6..7, "formula-left-over"),
            ("if(field, 1, 2)", 8..9, "formula-expected-comparison"),
            ("field ^ 2", 6..7, "formula-strange-character{character=^}"),
            ("(field", 6..6, "formula-expected{sign=)}"),
            ("round(field, 1.5)", 13..16, "formula-expected-digits"),
            ("place + 1", 0..5, "formula-unknown-name{name=place}"),
        ];
        for (text, at, message) in table {
            let fault = expression(text, &item).unwrap_err();
            assert_eq!(
                (fault.at, fault.message.to_string()),
                (at, message.to_owned()),
                "{text}"
            );
        }
        let deep = "(".repeat(100_000);
        assert_eq!(
            expression(&deep, &item).unwrap_err().message.key,
            "formula-too-deep"
        );
    }

    #[test]
    fn a_shown_formula_reads_back_the_same() {
        let name = |index: ItemIndex| ["field", "found", "unknown"][index].to_owned();
        for text in [
            "field - found * 2 / -3",
            "if(not (field > 1 and found < 2), min(1, field), round(field, 2))",
        ] {
            let read = expression(text, &item).unwrap();
            let shown = Shown(&read, &name).to_string();
            assert_eq!(expression(&shown, &item).unwrap(), read, "{shown}");
        }
    }
}
