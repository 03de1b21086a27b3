//! Tokens of a rule -> [`Rule`], by recursive descent over the grammar of the parent module.
//!
//! Types are checked while reading, at the operator that needs them. Nesting is limited, so no
//! text can exhaust the stack.

use thiserror::Error;

use super::lex::{Token, tokens};
use super::{Arithmetic, Comparator, Condition, MAX_LENGTH, Quantity, Rule, Statistic};

/// Parentheses, `not` and signs within one another at most.
const MAX_DEPTH: usize = 64;

/// What is wrong with a rule and where.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{kind}")]
pub struct RuleFault {
    /// Byte offset in the rule.
    pub offset: usize,
    /// What.
    pub kind: RuleFaultKind,
}

/// What is wrong with a rule.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RuleFaultKind {
    /// Nothing but space.
    #[error("the rule is empty; write a comparison such as `mean(r_score) >= 4`, or `otherwise`")]
    Empty,
    /// Longer than [`MAX_LENGTH`].
    #[error("the rule has {length} bytes, more than the {MAX_LENGTH} allowed; simplify it")]
    TooLong {
        /// Bytes.
        length: usize,
    },
    /// Nested beyond the limit.
    #[error("nested more than {MAX_DEPTH} deep; remove parentheses or signs")]
    TooDeep,
    /// A character that begins no word.
    #[error(
        "unexpected `{character}`; a rule has names, numbers, ( ) + - * / < <= > >= == != and the \
         words `and`, `or`, `not`"
    )]
    UnexpectedCharacter {
        /// The character.
        character: char,
    },
    /// Begins like a number.
    #[error("`{text}` is not a number; write it like 1500, 0.25 or 1_000_000")]
    BadNumber {
        /// As written.
        text: String,
    },
    /// A quote without its end.
    #[error("the quoted name has no closing quote")]
    UnclosedQuote,
    /// Another word belongs here.
    #[error("found {found} where {expected} belongs")]
    Unexpected {
        /// The word.
        found: String,
        /// What could stand here.
        expected: &'static str,
    },
    /// A number where a condition belongs.
    #[error("{by} needs a condition here but this is a number; compare it, for example `… >= 4`")]
    NotACondition {
        /// The operator, or the rule as a whole.
        by: &'static str,
    },
    /// A condition where a number belongs.
    #[error("{by} needs a number here but this is a condition, which is true or false")]
    NotANumber {
        /// The operator.
        by: &'static str,
    },
    /// `a < b < c`.
    #[error("comparisons cannot be chained; write `a < b and b < c`")]
    Chained,
    /// No such name.
    #[error(
        "unknown name `{name}`; without parentheses there are `customers`, `share_of_customers` \
         and `share_of_revenue`; a feature needs a statistic, such as `median({name})`"
    )]
    UnknownName {
        /// As written.
        name: String,
    },
    /// No such function.
    #[error(
        "unknown statistic `{name}`; there are median, mean, population_median, population_mean \
         and the percentiles p1 to p99"
    )]
    UnknownFunction {
        /// As written.
        name: String,
    },
    /// `otherwise` inside a condition.
    #[error("`otherwise` must be the whole rule; inside a condition write `true`")]
    OtherwiseInside,
}

enum Node {
    Condition(Condition),
    Quantity(Quantity),
}

/// A node with the offset at which it starts.
type Placed = (usize, Node);

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    depth: usize,
    statistics: Vec<Statistic>,
    positions: Vec<usize>,
}

/// Reads the whole of `text`.
pub(super) fn parse(text: &str) -> Result<Rule, RuleFault> {
    if text.len() > MAX_LENGTH {
        return fail(0, RuleFaultKind::TooLong { length: text.len() });
    }
    if text.trim().is_empty() {
        return fail(0, RuleFaultKind::Empty);
    }
    let (statistics, positions) = (Vec::new(), Vec::new());
    let mut parser = Parser { tokens: tokens(text)?, next: 0, depth: 0, statistics, positions };
    let condition = if text.trim() == "otherwise" {
        Condition::Constant(true)
    } else {
        let node = parser.condition()?;
        parser.expect_end()?;
        condition(node, "a rule")?
    };
    let Parser { statistics, positions, .. } = parser;
    Ok(Rule { text: text.trim().into(), condition, statistics, positions })
}

fn fail<T>(offset: usize, kind: RuleFaultKind) -> Result<T, RuleFault> {
    Err(RuleFault { offset, kind })
}

fn condition((offset, node): Placed, by: &'static str) -> Result<Condition, RuleFault> {
    match node {
        Node::Condition(condition) => Ok(condition),
        Node::Quantity(_) => fail(offset, RuleFaultKind::NotACondition { by }),
    }
}

fn quantity((offset, node): Placed, by: &'static str) -> Result<Quantity, RuleFault> {
    match node {
        Node::Quantity(quantity) => Ok(quantity),
        Node::Condition(_) => fail(offset, RuleFaultKind::NotANumber { by }),
    }
}

impl Parser {
    fn peek(&self) -> &(usize, Token) {
        &self.tokens[self.next]
    }

    /// Moves past the present token; [`Token::End`] stays.
    fn take(&mut self) -> (usize, Token) {
        let token = self.peek().clone();
        self.next = (self.next + 1).min(self.tokens.len() - 1);
        token
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = matches!(&self.peek().1, Token::Name(name) if name == word);
        self.next += usize::from(found);
        found
    }

    /// The first of `symbols` that is the present token.
    fn take_symbol(&mut self, symbols: &[&'static str]) -> Option<&'static str> {
        let Token::Symbol(symbol) = self.peek().1 else { return None };
        let found = symbols.contains(&symbol);
        self.next += usize::from(found);
        found.then_some(symbol)
    }

    fn unexpected<T>(&self, expected: &'static str) -> Result<T, RuleFault> {
        let (offset, token) = self.peek();
        fail(*offset, RuleFaultKind::Unexpected { found: token.shown(), expected })
    }

    fn expect_end(&self) -> Result<(), RuleFault> {
        match &self.peek().1 {
            Token::End => Ok(()),
            _ => self.unexpected("an operator, `and`, `or` or the end of the rule"),
        }
    }

    fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, RuleFault>,
    ) -> Result<T, RuleFault> {
        if self.depth == MAX_DEPTH {
            return fail(self.peek().0, RuleFaultKind::TooDeep);
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn condition(&mut self) -> Result<Placed, RuleFault> {
        self.joined("or", "`or`", Self::conjunction, Condition::Any)
    }

    fn conjunction(&mut self) -> Result<Placed, RuleFault> {
        self.joined("and", "`and`", Self::negation, Condition::All)
    }

    fn joined(
        &mut self,
        word: &str,
        by: &'static str,
        operand: impl Fn(&mut Self) -> Result<Placed, RuleFault>,
        join: impl Fn(Vec<Condition>) -> Condition,
    ) -> Result<Placed, RuleFault> {
        let first = operand(self)?;
        if !matches!(&self.peek().1, Token::Name(name) if name == word) {
            return Ok(first);
        }
        let start = first.0;
        let mut operands = vec![condition(first, by)?];
        while self.take_word(word) {
            operands.push(condition(operand(self)?, by)?);
        }
        Ok((start, Node::Condition(join(operands))))
    }

    fn negation(&mut self) -> Result<Placed, RuleFault> {
        let start = self.peek().0;
        if self.take_word("not") {
            let inner = condition(self.deeper(Self::negation)?, "`not`")?;
            return Ok((start, Node::Condition(Condition::Not(Box::new(inner)))));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Placed, RuleFault> {
        const SYMBOLS: [&str; 6] = ["<", "<=", ">", ">=", "==", "!="];
        let left = self.sum()?;
        let Some(symbol) = self.take_symbol(&SYMBOLS) else { return Ok(left) };
        let comparator = match symbol {
            "<" => Comparator::Less,
            "<=" => Comparator::LessOrEqual,
            ">" => Comparator::Greater,
            ">=" => Comparator::GreaterOrEqual,
            "==" => Comparator::Equal,
            _ => Comparator::NotEqual,
        };
        let start = left.0;
        let left = quantity(left, symbol)?;
        let right = self.sum()?;
        let right = quantity(right, symbol)?;
        let end = self.peek().0;
        if self.take_symbol(&SYMBOLS).is_some() {
            return fail(end, RuleFaultKind::Chained);
        }
        Ok((start, Node::Condition(Condition::Compare { left, comparator, right })))
    }

    fn sum(&mut self) -> Result<Placed, RuleFault> {
        self.combined(&["+", "-"], Self::product)
    }

    fn product(&mut self) -> Result<Placed, RuleFault> {
        self.combined(&["*", "/"], Self::factor)
    }

    fn combined(
        &mut self,
        symbols: &[&'static str],
        operand: impl Fn(&mut Self) -> Result<Placed, RuleFault>,
    ) -> Result<Placed, RuleFault> {
        let mut left = operand(self)?;
        while let Some(symbol) = self.take_symbol(symbols) {
            let start = left.0;
            let arithmetic = match symbol {
                "+" => Arithmetic::Add,
                "-" => Arithmetic::Subtract,
                "*" => Arithmetic::Multiply,
                _ => Arithmetic::Divide,
            };
            let (first, second) = (quantity(left, symbol)?, quantity(operand(self)?, symbol)?);
            let (first, second) = (Box::new(first), Box::new(second));
            left = (
                start,
                Node::Quantity(Quantity::Combined { left: first, arithmetic, right: second }),
            );
        }
        Ok(left)
    }

    fn factor(&mut self) -> Result<Placed, RuleFault> {
        const EXPECTED: &str = "a number, a statistic such as `mean(r_score)` or a parenthesis";
        let (start, token) = self.peek().clone();
        let node = match token {
            Token::Number(value) => {
                self.take();
                Node::Quantity(Quantity::Number(value))
            }
            Token::Symbol("-") => {
                self.take();
                let inner = quantity(self.deeper(Self::factor)?, "-")?;
                Node::Quantity(Quantity::Negated(Box::new(inner)))
            }
            Token::Symbol("(") => {
                self.take();
                let (_, inner) = self.deeper(Self::condition)?;
                if self.take_symbol(&[")"]).is_none() {
                    return self.unexpected("an operator or the closing parenthesis `)`");
                }
                inner
            }
            Token::Name(name) if ["and", "or", "not"].contains(&name.as_str()) => {
                return self.unexpected(EXPECTED);
            }
            Token::Name(name) => {
                self.take();
                self.named(start, name)?
            }
            Token::Quoted(_) | Token::Symbol(_) | Token::End => return self.unexpected(EXPECTED),
        };
        Ok((start, node))
    }

    /// A constant, a bare statistic, or a statistic of a feature.
    fn named(&mut self, start: usize, name: String) -> Result<Node, RuleFault> {
        if self.take_symbol(&["("]).is_some() {
            let Some(make) = function(&name) else {
                return fail(start, RuleFaultKind::UnknownFunction { name });
            };
            let (Token::Name(feature) | Token::Quoted(feature)) = self.peek().1.clone() else {
                return self.unexpected("the name of a feature");
            };
            self.take();
            if self.take_symbol(&[")"]).is_none() {
                return self.unexpected("the closing parenthesis `)` after the feature");
            }
            return Ok(self.statistic(start, make(feature)));
        }
        match name.as_str() {
            "true" => Ok(Node::Condition(Condition::Constant(true))),
            "false" => Ok(Node::Condition(Condition::Constant(false))),
            "otherwise" => fail(start, RuleFaultKind::OtherwiseInside),
            "customers" => Ok(self.statistic(start, Statistic::Customers)),
            "share_of_customers" => Ok(self.statistic(start, Statistic::ShareOfCustomers)),
            "share_of_revenue" => Ok(self.statistic(start, Statistic::ShareOfRevenue)),
            _ if function(&name).is_some() => self.unexpected("`(` and the name of a feature"),
            _ => fail(start, RuleFaultKind::UnknownName { name }),
        }
    }

    fn statistic(&mut self, start: usize, statistic: Statistic) -> Node {
        let known = self.statistics.iter().position(|other| *other == statistic);
        let index = known.unwrap_or_else(|| {
            self.statistics.push(statistic);
            self.positions.push(start);
            self.statistics.len() - 1
        });
        Node::Quantity(Quantity::Statistic(index))
    }
}

/// The statistic of a feature that is called `name`.
fn function(name: &str) -> Option<Box<dyn Fn(String) -> Statistic>> {
    match name {
        "median" => Some(Box::new(Statistic::Median)),
        "mean" => Some(Box::new(Statistic::Mean)),
        "population_median" => Some(Box::new(Statistic::PopulationMedian)),
        "population_mean" => Some(Box::new(Statistic::PopulationMean)),
        _ => {
            let digits = name.strip_prefix('p').filter(|digits| {
                matches!(digits.len(), 1 | 2) && digits.bytes().all(|byte| byte.is_ascii_digit())
            })?;
            let percent: u8 = digits.parse().ok().filter(|percent| *percent > 0)?;
            Some(Box::new(move |feature| Statistic::Percentile { feature, percent }))
        }
    }
}
