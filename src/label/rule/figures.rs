//! Tokens of a rule -> the figures it asks for: names, functions, tests of texts, ranks.

use super::fault::{RuleFault, RuleFaultKind};
use super::lex::Token;
use super::parse::{Node, Parser, Placed, condition, fail, quantity};
use super::{Condition, Formula, Percent, Quantity, Rule, Scope, Statistic, Ties};

/// Functions of segments, which one customer has no use for.
const OF_SEGMENTS: [&str; 7] =
    ["customers", "share_of_customers", "share_of_revenue", "share_of", "median", "mean", "share"];

impl Parser<'_> {
    /// A constant, a bare name, or a function with its parentheses; `name` is taken already.
    pub(super) fn named(&mut self, start: usize, name: String) -> Result<Node, RuleFault> {
        let call = matches!(self.peek().1, Token::Symbol("("));
        let customer = self.scope == Scope::Customers;
        if customer && call && OF_SEGMENTS.contains(&name.as_str()) {
            return fail(start, RuleFaultKind::OfSegments { name });
        }
        if call {
            return self.function(start, name);
        }
        let statistic = match name.as_str() {
            "true" => return Ok(Node::Condition(Condition::Constant(true))),
            "false" => return Ok(Node::Condition(Condition::Constant(false))),
            "otherwise" => return fail(start, RuleFaultKind::OtherwiseInside),
            _ if is_function(&name) => return self.unexpected("`(` and the name of a feature"),
            "customers" | "share_of_customers" | "share_of_revenue" if customer => {
                return fail(start, RuleFaultKind::OfSegments { name });
            }
            _ if customer => Statistic::Own(name),
            "customers" => Statistic::Customers,
            "share_of_customers" => Statistic::ShareOfCustomers,
            "share_of_revenue" => Statistic::ShareOfRevenue,
            _ => return fail(start, RuleFaultKind::UnknownName { name }),
        };
        Ok(self.statistic(start, statistic))
    }

    fn function(&mut self, start: usize, name: String) -> Result<Node, RuleFault> {
        let customer = self.scope == Scope::Customers;
        match name.as_str() {
            "share" | "population_share" => {
                let share = name == "share";
                let make = if share { Statistic::Share } else { Statistic::PopulationShare };
                let inside = if share { "share" } else { "population_share" };
                if let Some(inside) = self.inside {
                    return fail(start, RuleFaultKind::Nested { name, inside });
                }
                self.open()?;
                let rule = self.of_customers(inside, |parser| parser.inner_rule(inside))?;
                self.close("the closing parenthesis `)` after the condition")?;
                Ok(self.statistic(start, make(Box::new(rule))))
            }
            "rank" | "rank_share" => {
                if !customer {
                    return fail(start, RuleFaultKind::OfCustomers { name });
                }
                if let Some(inside @ ("rank" | "rank_share")) = self.inside {
                    return fail(start, RuleFaultKind::Nested { name, inside });
                }
                self.open()?;
                let inside = if name == "rank" { "rank" } else { "rank_share" };
                let rank = self.of_customers(inside, |parser| parser.rank(inside))?;
                Ok(self.statistic(start, rank))
            }
            "percentile" => {
                self.open()?;
                let feature = self.feature()?;
                if self.take_symbol(&[","]).is_none() {
                    return self.unexpected("`,` and the percentile, as in percentile(clv, 99.5)");
                }
                let (at, token) = self.peek().clone();
                let Token::Number(number) = token else {
                    return self.unexpected("a number above 0 and below 100");
                };
                self.take();
                let Some(percent) = Percent::new(number) else {
                    return fail(at, RuleFaultKind::BadPercent { percent: number.to_string() });
                };
                self.close("the closing parenthesis `)` after the percentile")?;
                Ok(self.statistic(start, Statistic::Percentile { feature, percent }))
            }
            "known" => {
                let feature = self.parenthesised()?;
                let node = self.statistic(start, Statistic::Known(feature));
                let Node::Quantity(Quantity::Statistic(index)) = node else { return Ok(node) };
                Ok(Node::Condition(Condition::Flag(index)))
            }
            "feature" if customer => {
                let feature = self.parenthesised()?;
                Ok(self.statistic(start, Statistic::Own(feature)))
            }
            _ => {
                let Some(make) = function(&name) else {
                    return fail(start, RuleFaultKind::UnknownFunction { name });
                };
                let feature = self.parenthesised()?;
                Ok(self.statistic(start, make(feature)))
            }
        }
    }

    /// `by [, among: condition] [, ties: id] )`.
    fn rank(&mut self, name: &'static str) -> Result<Statistic, RuleFault> {
        let (from, outer) = (self.peek().0, self.set_aside());
        let node = self.deeper(Self::sum)?;
        let by = quantity(node, name)?;
        let to = self.peek().0;
        let (statistics, positions) = self.put_back(outer);
        let text = self.text[from..to].trim().into();
        let by = Box::new(Formula { text, quantity: by, statistics, positions });
        let (mut among, mut ties) = (None, None);
        while self.take_symbol(&[","]).is_some() {
            let (at, token) = self.peek().clone();
            let Token::Name(option) = token else {
                return self.unexpected("`among:` or `ties:`");
            };
            self.take();
            let twice = match option.as_str() {
                "among" => among.is_some(),
                "ties" => ties.is_some(),
                _ => return fail(at, RuleFaultKind::UnknownOption { name: option }),
            };
            if twice {
                return fail(at, RuleFaultKind::OptionTwice { name: option });
            }
            if self.take_symbol(&[":"]).is_none() {
                return self.unexpected("`:` after the name of the option");
            }
            if option == "among" {
                among = Some(Box::new(self.inner_rule("among")?));
            } else if self.take_word("id") {
                ties = Some(Ties::ById);
            } else if self.take_word("together") {
                ties = Some(Ties::Together);
            } else {
                return self.unexpected("`id` or `together`");
            }
        }
        self.close("`,` and an option, or the closing parenthesis `)`")?;
        let (ties, share) = (ties.unwrap_or_default(), name == "rank_share");
        Ok(Statistic::Rank { by, among, ties, share })
    }

    /// A condition with statistics of its own.
    fn inner_rule(&mut self, by: &'static str) -> Result<Rule, RuleFault> {
        let (from, outer) = (self.peek().0, self.set_aside());
        let node = self.deeper(Self::condition)?;
        let condition = condition(node, by)?;
        let to = self.peek().0;
        let (statistics, positions) = self.put_back(outer);
        Ok(Rule { text: self.text[from..to].trim().into(), condition, statistics, positions })
    }

    fn set_aside(&mut self) -> (Vec<Statistic>, Vec<usize>) {
        (std::mem::take(&mut self.statistics), std::mem::take(&mut self.positions))
    }

    fn put_back(&mut self, outer: (Vec<Statistic>, Vec<usize>)) -> (Vec<Statistic>, Vec<usize>) {
        let (statistics, positions) = outer;
        (
            std::mem::replace(&mut self.statistics, statistics),
            std::mem::replace(&mut self.positions, positions),
        )
    }

    /// Reads what stands in the parentheses of `inside`, which speak of one customer.
    fn of_customers<T>(
        &mut self,
        inside: &'static str,
        read: impl FnOnce(&mut Self) -> Result<T, RuleFault>,
    ) -> Result<T, RuleFault> {
        let (scope, around) = (self.scope, self.inside);
        (self.scope, self.inside) = (Scope::Customers, Some(inside));
        let result = read(self);
        (self.scope, self.inside) = (scope, around);
        result
    }

    /// `own == "text"`, `own != "text"`, `own in ("text", …)`; none where something else begins.
    pub(super) fn text_test(&mut self) -> Result<Option<Placed>, RuleFault> {
        use Token::{Name, Quoted, Symbol};
        let coming = &self.tokens[self.next..];
        let (start, own, words) = match coming {
            [(start, Name(name)), (_, Symbol("(")), (_, Quoted(own)), (_, Symbol(")")), ..]
                if name == "feature" =>
            {
                (*start, own.clone(), 4)
            }
            [(start, Name(own)), ..] => (*start, own.clone(), 1),
            _ => return Ok(None),
        };
        let (negated, list) = match &coming[words..] {
            [(_, Symbol("==")), (_, Quoted(_)), ..] => (false, false),
            [(_, Symbol("!=")), (_, Quoted(_)), ..] => (true, false),
            [(_, Name(word)), (_, Symbol("(")), ..] if word == "in" => (false, true),
            _ => return Ok(None),
        };
        if self.scope == Scope::Segments {
            return fail(start, RuleFaultKind::UnknownName { name: own });
        }
        self.next += words + 1;
        let mut values = Vec::new();
        if list {
            self.open()?;
        }
        loop {
            let Token::Quoted(value) = self.peek().1.clone() else {
                return self.unexpected("a text in quotes");
            };
            self.take();
            if !values.contains(&value) {
                values.push(value);
            }
            if !list {
                break;
            }
            if self.take_symbol(&[","]).is_none() {
                self.close("`,` and a text, or the closing parenthesis `)`")?;
                break;
            }
        }
        let node = self.statistic(start, Statistic::Text { feature: own, values, negated });
        let Node::Quantity(Quantity::Statistic(index)) = node else { return Ok(None) };
        Ok(Some((start, Node::Condition(Condition::Flag(index)))))
    }

    /// `( feature )`.
    fn parenthesised(&mut self) -> Result<String, RuleFault> {
        self.open()?;
        let feature = self.feature()?;
        self.close("the closing parenthesis `)` after the feature")?;
        Ok(feature)
    }

    fn feature(&mut self) -> Result<String, RuleFault> {
        let (Token::Name(feature) | Token::Quoted(feature)) = self.peek().1.clone() else {
            return self.unexpected("the name of a feature");
        };
        self.take();
        Ok(feature)
    }

    fn open(&mut self) -> Result<(), RuleFault> {
        match self.take_symbol(&["("]) {
            Some(_) => Ok(()),
            None => self.unexpected("`(`"),
        }
    }

    fn close(&mut self, expected: &'static str) -> Result<(), RuleFault> {
        match self.take_symbol(&[")"]) {
            Some(_) => Ok(()),
            None => self.unexpected(expected),
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

/// Whether `name` needs parentheses.
fn is_function(name: &str) -> bool {
    let others =
        ["share", "population_share", "rank", "rank_share", "percentile", "known", "feature"];
    others.contains(&name) || function(name).is_some()
}

/// The statistic of a feature that is called `name`.
fn function(name: &str) -> Option<Box<dyn Fn(String) -> Statistic>> {
    match name {
        "median" => Some(Box::new(Statistic::Median)),
        "mean" => Some(Box::new(Statistic::Mean)),
        "share_of" => Some(Box::new(Statistic::ShareOf)),
        "population_median" => Some(Box::new(Statistic::PopulationMedian)),
        "population_mean" => Some(Box::new(Statistic::PopulationMean)),
        _ => {
            let digits = name.strip_prefix('p').filter(|digits| {
                matches!(digits.len(), 1 | 2) && digits.bytes().all(|byte| byte.is_ascii_digit())
            })?;
            let percent = Percent::new(f64::from(digits.parse::<u8>().ok()?))?;
            Some(Box::new(move |feature| Statistic::Percentile { feature, percent }))
        }
    }
}
