//! Tokens of a rule -> [`Rule`], by recursive descent over the grammar of the parent module.
//!
//! Types are checked while reading, at the operator that needs them. Nesting is limited, so no
//! text can exhaust the stack.

use super::fault::{RuleFault, RuleFaultKind};
use super::lex::{Token, tokens};
use super::{
    Arithmetic, Comparator, Condition, Formula, MAX_LENGTH, Quantity, Rule, Scope, Statistic,
};

/// Parentheses, `not` and signs within one another at most.
pub(super) const MAX_DEPTH: usize = 64;

pub(super) enum Node {
    Condition(Condition),
    Quantity(Quantity),
}

/// A node with the offset at which it starts.
pub(super) type Placed = (usize, Node);

pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: Vec<(usize, Token)>,
    pub(super) next: usize,
    depth: usize,
    pub(super) scope: Scope,
    /// The function whose parentheses are being read, of those that take a condition or a sum.
    pub(super) inside: Option<&'static str>,
    pub(super) statistics: Vec<Statistic>,
    pub(super) positions: Vec<usize>,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, scope: Scope) -> Result<Self, RuleFault> {
        if text.len() > MAX_LENGTH {
            return fail(0, RuleFaultKind::TooLong { length: text.len() });
        }
        if text.trim().is_empty() {
            return fail(0, RuleFaultKind::Empty);
        }
        Ok(Self {
            text,
            tokens: tokens(text)?,
            next: 0,
            depth: 0,
            scope,
            inside: None,
            statistics: Vec::new(),
            positions: Vec::new(),
        })
    }
}

/// Reads the whole of `text` as a rule.
pub(super) fn rule(text: &str, scope: Scope) -> Result<Rule, RuleFault> {
    let mut parser = Parser::new(text, scope)?;
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

/// Reads the whole of `text` as a calculation on one customer's features.
pub(super) fn formula(text: &str) -> Result<Formula, RuleFault> {
    let mut parser = Parser::new(text, Scope::Customers)?;
    let node = parser.condition()?;
    parser.expect_end()?;
    let quantity = quantity(node, "a measure")?;
    let Parser { statistics, positions, .. } = parser;
    Ok(Formula { text: text.trim().into(), quantity, statistics, positions })
}

pub(super) fn fail<T>(offset: usize, kind: RuleFaultKind) -> Result<T, RuleFault> {
    Err(RuleFault { offset, kind })
}

pub(super) fn condition((offset, node): Placed, by: &'static str) -> Result<Condition, RuleFault> {
    match node {
        Node::Condition(condition) => Ok(condition),
        Node::Quantity(_) => fail(offset, RuleFaultKind::NotACondition { by }),
    }
}

pub(super) fn quantity((offset, node): Placed, by: &'static str) -> Result<Quantity, RuleFault> {
    match node {
        Node::Quantity(quantity) => Ok(quantity),
        Node::Condition(_) => fail(offset, RuleFaultKind::NotANumber { by }),
    }
}

impl Parser<'_> {
    pub(super) fn peek(&self) -> &(usize, Token) {
        &self.tokens[self.next]
    }

    /// Moves past the present token; [`Token::End`] stays.
    pub(super) fn take(&mut self) -> (usize, Token) {
        let token = self.peek().clone();
        self.next = (self.next + 1).min(self.tokens.len() - 1);
        token
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let found = matches!(&self.peek().1, Token::Name(name) if name == word);
        self.next += usize::from(found);
        found
    }

    /// The first of `symbols` that is the present token.
    pub(super) fn take_symbol(&mut self, symbols: &[&'static str]) -> Option<&'static str> {
        let Token::Symbol(symbol) = self.peek().1 else { return None };
        let found = symbols.contains(&symbol);
        self.next += usize::from(found);
        found.then_some(symbol)
    }

    pub(super) fn unexpected<T>(&self, expected: &'static str) -> Result<T, RuleFault> {
        let (offset, token) = self.peek();
        fail(*offset, RuleFaultKind::Unexpected { found: token.shown(), expected })
    }

    fn expect_end(&self) -> Result<(), RuleFault> {
        match &self.peek().1 {
            Token::End => Ok(()),
            _ => self.unexpected("an operator, `and`, `or` or the end of the rule"),
        }
    }

    pub(super) fn deeper<T>(
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

    pub(super) fn condition(&mut self) -> Result<Placed, RuleFault> {
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
        if let Some(test) = self.text_test()? {
            return Ok(test);
        }
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

    pub(super) fn sum(&mut self) -> Result<Placed, RuleFault> {
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
}
