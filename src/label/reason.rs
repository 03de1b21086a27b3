//! The group of a segment -> a sentence that says why, in English and Vietnamese: each
//! comparison of the rule with the segment's figure, and that of all customers beside it.
//!
//! Figures are rounded for reading, but with as many decimals as it takes for the sentence to
//! remain true: never `4.0 < 4`.

use super::figures::{Figure, Figures, Place};
use super::population::Population;
use super::rule::{Arithmetic, Comparator, Condition, Quantity, Rule, Statistic};
use super::taxonomy::Group;
use super::vocabulary;
use super::words::{self, Words};
use crate::features::Unit;
use crate::types::{Bilingual, Language};

/// More decimals than this are not tried.
const MORE_DECIMALS: usize = 6;

/// A segment or a customer before the population.
pub(super) struct Scene<'a> {
    pub(super) population: &'a Population<'a>,
    pub(super) figures: &'a Figures<'a>,
    pub(super) place: Place,
}

impl<'a> Scene<'a> {
    fn figure(&self, statistic: &Statistic) -> Option<&'a Figure<'a>> {
        self.figures.get(statistic)
    }

    fn value(&self, statistic: &Statistic) -> Option<f64> {
        self.figure(statistic)?.at(self.place)
    }

    /// The figure of all customers that a reader holds this one against.
    fn of_all(&self, statistic: &Statistic) -> Option<f64> {
        self.figure(statistic)?.of_all
    }

    fn unit(&self, statistic: &Statistic) -> Unit {
        self.figure(statistic).map_or(Unit::Attribute, |figure| figure.unit)
    }

    /// The text of the customer.
    fn text(&self, feature: &str) -> Option<&'a str> {
        match self.place {
            Place::Customer(row) => self.population.text_of(feature, row),
            Place::Segment(_) => None,
        }
    }
}

/// Why a segment or customer is in the group of `rule` and none of those `above`.
pub(super) fn reason(rule: &Rule, above: &[Group], scene: &Scene<'_>) -> Bilingual {
    let sentence = |language| {
        let measure = |name: &str| scene.population.measure_name(name);
        Sentence { scene, rule, words: Words { language, measure: &measure } }.write(above)
    };
    Bilingual { en: sentence(Language::En), vi: sentence(Language::Vi) }
}

struct Sentence<'a> {
    scene: &'a Scene<'a>,
    rule: &'a Rule,
    words: Words<'a>,
}

impl Sentence<'_> {
    fn say(&self, en: &'static str, vi: &'static str) -> &'static str {
        self.words.say(en, vi)
    }

    fn write(&self, above: &[Group]) -> String {
        let mut tried: Vec<&Statistic> = Vec::new();
        let rules = above.iter().filter_map(Group::rule).chain([self.rule]);
        for statistic in rules.flat_map(Rule::statistics) {
            if !tried.contains(&statistic) {
                tried.push(statistic);
            }
        }
        let mut parts = if self.rule.constant() == Some(true) {
            let none = self.say("no rule above holds", "không thỏa quy tắc nào ở trên");
            let known = |s: &&&Statistic| {
                let told = s.is_of_segment() && !matches!(s, Statistic::Known(_));
                told && self.scene.value(s).is_some()
            };
            let mut figures: Vec<String> = Vec::new();
            for figure in tried.iter().filter(known).map(|s| self.statistic(s, 0)) {
                if !figures.contains(&figure) {
                    figures.push(figure);
                }
            }
            let colon = if figures.is_empty() { "" } else { ": " };
            format!("{none}{colon}{}", figures.join("; "))
        } else {
            self.condition(self.rule.condition(), true)
        };
        let unknown = tried.into_iter().filter(|statistic| self.scene.value(statistic).is_none());
        let mut unknown: Vec<String> =
            unknown.map(|statistic| self.words.statistic(statistic)).collect();
        unknown.dedup();
        if !unknown.is_empty() {
            parts += self.say("; not known here: ", "; chưa có số liệu: ");
            parts += &unknown.join(", ");
        }
        let mut letters = parts.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters).chain(['.']).collect()
    }

    fn holds(&self, condition: &Condition) -> bool {
        condition.holds(&|index| self.scene.value(&self.rule.statistics()[index]))
    }

    /// `outermost` parts are set apart by semicolons, inner ones by words in parentheses.
    fn condition(&self, condition: &Condition, outermost: bool) -> String {
        let and = self.say(" and ", " và ");
        match condition {
            Condition::Constant(true) => self.say("always", "luôn đúng").into(),
            Condition::Constant(false) => self.say("never", "không bao giờ").into(),
            Condition::Not(inner) => {
                format!("{}{}", self.say("not ", "không phải "), self.condition(inner, false))
            }
            Condition::All(parts) if outermost => self.joined(parts.iter(), "; "),
            Condition::All(parts) => format!("({})", self.joined(parts.iter(), and)),
            Condition::Any(parts) => {
                // Of alternatives only those that hold are a reason.
                let holding: Vec<_> = parts.iter().filter(|part| self.holds(part)).collect();
                match holding.len() {
                    0 => format!("({})", self.joined(parts.iter(), self.say(" or ", " hoặc "))),
                    1 => self.condition(holding[0], outermost),
                    _ => self.joined(holding.into_iter(), and),
                }
            }
            Condition::Flag(index) => self.flag(&self.rule.statistics()[*index]),
            Condition::Compare { left, comparator, right } => {
                self.compare(left, *comparator, right)
            }
        }
    }

    /// A test of a text, or whether something is known.
    fn flag(&self, statistic: &Statistic) -> String {
        let Statistic::Text { feature, values, negated } = statistic else {
            let known = self.scene.value(statistic).is_some_and(|flag| flag != 0.0);
            let Some(feature) = statistic.feature() else { return String::new() };
            let words = self.words.feature(feature);
            return match known {
                true => format!("{words} {}", self.say("known", "đã có số liệu")),
                false => format!("{words} {}", self.say("not known", "chưa có số liệu")),
            };
        };
        let own = self.statistic(statistic, 0);
        let single = values.len() == 1 && !negated;
        if single && self.scene.text(feature) == values.first().map(String::as_str) {
            return own;
        }
        let sign = if *negated { "≠" } else { "=" };
        format!("{own} {sign} {}", self.words.values(feature, values))
    }

    fn joined<'c>(&self, parts: impl Iterator<Item = &'c Condition>, between: &str) -> String {
        let parts: Vec<String> = parts.map(|part| self.condition(part, false)).collect();
        parts.join(between)
    }

    fn compare(&self, left: &Quantity, comparator: Comparator, right: &Quantity) -> String {
        let unit = self.unit(left).or(self.unit(right)).unwrap_or(Unit::Attribute);
        let more = match (self.value(left), self.value(right)) {
            (Some(a), Some(b)) => {
                let shown = |quantity: &Quantity, value, more| match quantity {
                    Quantity::Number(_) => value,
                    _ => words::rounded(value, unit, words::decimals(value, unit) + more),
                };
                let true_to = |more: &usize| {
                    let (shown_a, shown_b) = (shown(left, a, *more), shown(right, b, *more));
                    comparator.holds(shown_a, shown_b) == comparator.holds(a, b)
                };
                (0..MORE_DECIMALS).find(true_to).unwrap_or(MORE_DECIMALS)
            }
            _ => 0,
        };
        format!("{} {comparator} {}", self.side(left, unit, more), self.side(right, unit, more))
    }

    /// One side of a comparison; a calculation with its result.
    fn side(&self, quantity: &Quantity, unit: Unit, more: usize) -> String {
        match quantity {
            Quantity::Number(value) if unit == Unit::Share => {
                words::plain(words::rounded(value * 100.0, Unit::Ratio, 9), self.words.language)
                    + "%"
            }
            Quantity::Combined { left, arithmetic, right } => {
                let value = self.value(quantity);
                let result = value.map_or_else(
                    || self.say("not known", "chưa có số liệu").into(),
                    |value| {
                        let decimals = words::decimals(value, unit) + more;
                        words::figure(value, unit, decimals, self.words.language)
                    },
                );
                format!("{} = {result}", self.calculation(left, *arithmetic, right, more))
            }
            _ => self.quantity(quantity, more),
        }
    }

    fn quantity(&self, quantity: &Quantity, more: usize) -> String {
        match quantity {
            Quantity::Number(value) => words::plain(*value, self.words.language),
            Quantity::Statistic(index) => self.statistic(&self.rule.statistics()[*index], more),
            Quantity::Negated(inner) => format!("−{}", self.quantity(inner, more)),
            Quantity::Combined { left, arithmetic, right } => {
                format!("({})", self.calculation(left, *arithmetic, right, more))
            }
        }
    }

    fn calculation(
        &self,
        left: &Quantity,
        arithmetic: Arithmetic,
        right: &Quantity,
        more: usize,
    ) -> String {
        format!("{} {arithmetic} {}", self.quantity(left, more), self.quantity(right, more))
    }

    /// Name, value, and the value of all customers.
    fn statistic(&self, statistic: &Statistic, more: usize) -> String {
        let name = self.words.statistic(statistic);
        if let Statistic::Text { feature, .. } = statistic {
            let text = self.scene.text(feature).map_or_else(
                || self.say("not known", "chưa có số liệu").into(),
                |text| vocabulary::value(feature, text, self.words.language),
            );
            return format!("{name}: {text}");
        }
        let unit = self.scene.unit(statistic);
        let figure = |value| {
            words::figure(value, unit, words::decimals(value, unit) + more, self.words.language)
        };
        let Some(value) = self.scene.value(statistic) else {
            return format!("{name} {}", self.say("not known", "chưa có số liệu"));
        };
        match self.scene.of_all(statistic) {
            Some(all) => {
                let label = self.say("all", "toàn bộ");
                format!("{name} {} ({label}: {})", figure(value), figure(all))
            }
            None => format!("{name} {}", figure(value)),
        }
    }

    fn value(&self, quantity: &Quantity) -> Option<f64> {
        quantity.value(&|index| self.scene.value(&self.rule.statistics()[index]))
    }

    /// The unit of the quantity's value; none for a bare number.
    fn unit(&self, quantity: &Quantity) -> Option<Unit> {
        match quantity {
            Quantity::Number(_) => None,
            Quantity::Statistic(index) => Some(self.scene.unit(&self.rule.statistics()[*index])),
            Quantity::Negated(inner) => self.unit(inner),
            Quantity::Combined { left, arithmetic, right } => {
                match (self.unit(left), arithmetic, self.unit(right)) {
                    (Some(_), Arithmetic::Multiply, Some(_)) | (_, Arithmetic::Divide, Some(_)) => {
                        Some(Unit::Ratio)
                    }
                    (left, _, right) => left.or(right),
                }
            }
        }
    }
}
