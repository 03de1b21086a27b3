//! Rules in their order -> those that no values can meet, and those whose every case a rule above
//! takes.
//!
//! A rule can be given where it holds and no rule above does. That condition is taken apart into
//! cases, each a list of comparisons that must hold and of comparisons that must not; a case is
//! out where its comparisons, with the ranges of the statistics, the order of percentiles and the
//! values of texts, cannot be met together ([`super::linear`]). Products and ratios of statistics
//! stand for themselves, as if they had any value.
//!
//! A comparison that must not hold may be false because a figure is not known. It is therefore
//! turned round only where every figure in it is known of everyone, or must be known for another
//! comparison of the case. What is said to be impossible is so in real arithmetic; what is not
//! said may be so all the same.

use super::super::error::Place;
use super::super::fault::Fault;
use super::super::rule::{Comparator, Condition, Quantity, Rule, Statistic};
use super::super::taxonomy::{Group, Taxonomy};
use super::linear::{Inequality, impossible};
use super::ranges::{Range, range, text_is_always_known, values_of};

/// More cases than this are not looked at.
const MOST_CASES: usize = 2000;

/// Of the groups with a rule but `otherwise`, those that can never be given.
pub(super) fn faults(taxonomy: &Taxonomy) -> Vec<(Place, Fault)> {
    let mut found = Vec::new();
    let groups = taxonomy.groups();
    for (index, group) in groups.iter().enumerate() {
        let Some(rule) = group.rule().filter(|rule| rule.constant().is_none()) else { continue };
        let key = group.key.0.clone();
        let place = group.rule_place.clone();
        if never(taxonomy, rule, &[]) {
            let because = because(taxonomy, rule);
            found.push((place, Fault::Impossible { group: key, because }));
            continue;
        }
        let above: Vec<(&Group, &Rule)> = groups[..index]
            .iter()
            .filter_map(|group| Some((group, group.rule()?)))
            .filter(|(_, rule)| rule.constant().is_none())
            .collect();
        // The same rule twice is told of already.
        if above.iter().any(|(_, other)| other.same_as(rule)) {
            continue;
        }
        let covers = |by: &[(&Group, &Rule)]| {
            never(taxonomy, rule, &by.iter().map(|(_, rule)| *rule).collect::<Vec<_>>())
        };
        // One alone is quicker to prove, and to read.
        let alone = above.iter().find(|one| covers(std::slice::from_ref(one)));
        let mut by = match alone {
            Some(one) => vec![*one],
            None if covers(&above) => above,
            None => continue,
        };
        // As few as do it.
        let mut at = 0;
        while by.len() > 1 && at < by.len() {
            let mut fewer = by.clone();
            fewer.remove(at);
            if covers(&fewer) { by = fewer } else { at += 1 }
        }
        let names: Vec<String> = by.iter().map(|(group, _)| format!("`{}`", group.key)).collect();
        found.push((place, Fault::Covered { group: key, by: names.join(" or ") }));
    }
    found
}

/// The bounded figures of a rule, in words.
fn because(taxonomy: &Taxonomy, rule: &Rule) -> String {
    let bounded = rule.statistics().iter().filter_map(|statistic| {
        let found = range(taxonomy, statistic);
        let name = match statistic {
            Statistic::Customers => "customers",
            Statistic::ShareOfCustomers => "share_of_customers",
            Statistic::Share(_) | Statistic::PopulationShare(_) => "a share",
            Statistic::Rank { .. } => "a place",
            other => other.feature()?,
        };
        match (found.low.is_finite(), found.high.is_finite()) {
            (true, true) => Some(format!("{name} is from {} to {}", found.low, found.high)),
            (true, false) => Some(format!("{name} is at least {}", found.low)),
            _ => None,
        }
    });
    let mut all: Vec<String> = bounded.collect();
    all.dedup();
    if all.is_empty() { String::new() } else { format!(" ({})", all.join(", ")) }
}

/// Whether it is certain that nothing meets `rule` and none of `above`.
fn never(taxonomy: &Taxonomy, rule: &Rule, above: &[&Rule]) -> bool {
    let mut todo = vec![Part { condition: rule.condition(), rule, holds: true }];
    todo.extend(above.iter().map(|rule| Part { condition: rule.condition(), rule, holds: false }));
    let mut cases = 0;
    !possible(taxonomy, todo, Case::default(), &mut cases)
}

/// A condition that must hold, or must not.
#[derive(Clone, Copy)]
struct Part<'a> {
    condition: &'a Condition,
    rule: &'a Rule,
    holds: bool,
}

/// A linear form over figures, equal to one side of a comparison less the other.
#[derive(Clone, Debug)]
struct Form<'a> {
    terms: Vec<(Figure<'a>, f64)>,
    constant: f64,
    /// Figures inside products and ratios, which must be known too.
    inside: Vec<&'a Statistic>,
    /// Whether it may be undefined although all figures are known.
    partial: bool,
}

/// A figure, or a product or ratio of figures that stands for itself.
#[derive(Clone, Debug, PartialEq)]
enum Figure<'a> {
    Statistic(&'a Statistic),
    Composed(String),
}

/// What must be so together.
#[derive(Clone, Default)]
struct Case<'a> {
    hold: Vec<(Form<'a>, Comparator)>,
    fail: Vec<(Form<'a>, Comparator)>,
    /// Texts that must pass a test, and those that must not: feature, values, `!=`.
    texts: Vec<(&'a str, &'a [String], bool)>,
    no_texts: Vec<(&'a str, &'a [String], bool)>,
    known: Vec<&'a str>,
    unknown: Vec<&'a str>,
}

fn possible<'a>(
    taxonomy: &Taxonomy,
    mut todo: Vec<Part<'a>>,
    mut case: Case<'a>,
    cases: &mut usize,
) -> bool {
    *cases += 1;
    if *cases > MOST_CASES {
        return true;
    }
    // What needs no choice comes first, so that choices are cut short.
    let mut choices: Vec<Part<'a>> = Vec::new();
    while let Some(part) = todo.pop() {
        let of = |condition| Part { condition, ..part };
        match (part.condition, part.holds) {
            (Condition::Constant(truth), holds) => {
                if *truth != holds {
                    return false;
                }
            }
            (Condition::Not(inner), holds) => todo.push(Part { holds: !holds, ..of(inner) }),
            (Condition::All(parts), true) | (Condition::Any(parts), false) => {
                todo.extend(parts.iter().map(of));
            }
            (Condition::All(_), false) | (Condition::Any(_), true) => choices.push(part),
            (Condition::Flag(index), holds) => {
                case.flag(&part.rule.statistics()[*index], holds);
            }
            (Condition::Compare { left, comparator, right }, holds) => {
                let (left, right) = (form(left, part.rule), form(right, part.rule));
                let form = left.minus(right);
                match (comparator, holds) {
                    (Comparator::NotEqual, true) => choices.push(part),
                    (_, true) => case.hold.push((form, *comparator)),
                    (_, false) => case.fail.push((form, *comparator)),
                }
            }
        }
    }
    if case.impossible(taxonomy) {
        return false;
    }
    let Some(choice) = choices.pop() else { return true };
    let branch = |part: Part<'a>, cases: &mut usize| {
        let todo = choices.iter().copied().chain([part]).collect();
        possible(taxonomy, todo, case.clone(), cases)
    };
    match choice.condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().any(|condition| branch(Part { condition, ..choice }, cases))
        }
        Condition::Compare { left, right, .. } => {
            let sides = [Comparator::Less, Comparator::Greater];
            sides.into_iter().any(|comparator| {
                let form = form(left, choice.rule).minus(form(right, choice.rule));
                let mut case = case.clone();
                case.hold.push((form, comparator));
                possible(taxonomy, choices.clone(), case, cases)
            })
        }
        _ => true,
    }
}

impl<'a> Case<'a> {
    fn flag(&mut self, statistic: &'a Statistic, holds: bool) {
        match statistic {
            Statistic::Text { feature, values, negated } => {
                let tests = if holds { &mut self.texts } else { &mut self.no_texts };
                tests.push((feature, values, *negated));
            }
            Statistic::Known(feature) if holds => self.known.push(feature),
            Statistic::Known(feature) => self.unknown.push(feature),
            _ => {}
        }
    }

    /// Whether it is certain that nobody is such a case.
    fn impossible(&self, taxonomy: &Taxonomy) -> bool {
        self.texts_clash(taxonomy) || self.figures_clash(taxonomy)
    }

    /// Features that must be known for what holds.
    fn needed(&self) -> Vec<&'a Statistic> {
        let forms = self.hold.iter().flat_map(|(form, _)| form.statistics());
        forms.collect()
    }

    fn texts_clash(&self, taxonomy: &Taxonomy) -> bool {
        let mut features: Vec<&str> =
            self.texts.iter().chain(&self.no_texts).map(|(feature, ..)| *feature).collect();
        features.sort_unstable();
        features.dedup();
        features.into_iter().any(|feature| {
            let always = text_is_always_known(feature) && !taxonomy.declares(feature);
            let tested = self.texts.iter().any(|(name, ..)| *name == feature);
            if tested && self.unknown.contains(&feature) {
                return true;
            }
            if !(always || tested || self.known.contains(&feature)) {
                return false;
            }
            // A text is among the values where it equals one and the test is not turned round,
            // or the other way about.
            let all = self.texts.iter().map(|test| (test, true));
            let all = all.chain(self.no_texts.iter().map(|test| (test, false)));
            let tests: Vec<(&[String], bool)> = all
                .filter(|((name, ..), _)| *name == feature)
                .map(|((_, values, negated), holds)| (*values, *negated != holds))
                .collect();
            let left = |value: &str| {
                tests.iter().all(|(values, among)| values.iter().any(|v| v == value) == *among)
            };
            let everyone = taxonomy.everyone;
            match values_of(feature, everyone).filter(|_| !taxonomy.declares(feature)) {
                Some(values) => !values.into_iter().any(left),
                None => {
                    // Any text may be there, but one that must be among some values is one of them.
                    let one = tests.iter().find(|(_, among)| *among);
                    one.is_some_and(|(values, _)| !values.iter().any(|value| left(value)))
                }
            }
        })
    }

    fn figures_clash(&self, taxonomy: &Taxonomy) -> bool {
        let needed = self.needed();
        let is_unknown = |statistic: &Statistic| match statistic {
            Statistic::Own(name) | Statistic::Median(name) | Statistic::Mean(name) => {
                self.unknown.contains(&name.as_str())
            }
            _ => false,
        };
        if needed.iter().any(|statistic| is_unknown(statistic)) {
            return true;
        }
        let known = |statistic: &Statistic| {
            let named = match statistic {
                Statistic::Own(name) | Statistic::Median(name) | Statistic::Mean(name) => {
                    self.known.contains(&name.as_str())
                }
                _ => false,
            };
            named || range(taxonomy, statistic).always || needed.contains(&statistic)
        };
        let both = |name: &&&str| self.known.contains(*name) || always(taxonomy, name);
        if self.unknown.iter().any(|name| both(&name)) {
            return true;
        }
        let mut figures: Vec<Figure<'a>> = Vec::new();
        let mut inequalities = Vec::new();
        for (form, comparator) in &self.hold {
            form.put(*comparator, &mut figures, &mut inequalities);
        }
        for (form, comparator) in &self.fail {
            let turned = match comparator {
                Comparator::Less => Comparator::GreaterOrEqual,
                Comparator::LessOrEqual => Comparator::Greater,
                Comparator::Greater => Comparator::LessOrEqual,
                Comparator::GreaterOrEqual => Comparator::Less,
                Comparator::NotEqual => Comparator::Equal,
                // Either side of it: no single inequality.
                Comparator::Equal => continue,
            };
            let composed =
                form.terms.iter().any(|(figure, _)| matches!(figure, Figure::Composed(_)));
            if !form.partial && !composed && form.statistics().all(known) {
                form.put(turned, &mut figures, &mut inequalities);
            }
        }
        bounds(taxonomy, &figures, &mut inequalities);
        impossible(inequalities)
    }
}

fn always(taxonomy: &Taxonomy, feature: &str) -> bool {
    let own = Statistic::Own(feature.to_owned());
    range(taxonomy, &own).always || (text_is_always_known(feature) && !taxonomy.declares(feature))
}

/// Adds the ranges of figures and the order of percentiles.
fn bounds(taxonomy: &Taxonomy, figures: &[Figure<'_>], inequalities: &mut Vec<Inequality>) {
    let mut percentiles: Vec<(&str, u32, usize)> = Vec::new();
    for (variable, figure) in figures.iter().enumerate() {
        let Figure::Statistic(statistic) = figure else { continue };
        let found = range(taxonomy, statistic);
        if found.whole {
            whole(variable, inequalities);
        }
        let Range { low, high, open_low, .. } = found;
        if low.is_finite() {
            inequalities.push(Inequality::new(&[(variable, -1.0)], low, open_low));
        }
        if high.is_finite() {
            inequalities.push(Inequality::new(&[(variable, 1.0)], -high, false));
        }
        match statistic {
            Statistic::Percentile { feature, percent } => {
                percentiles.push((feature, percent.thousandths(), variable));
            }
            Statistic::PopulationMedian(feature) => percentiles.push((feature, 50_000, variable)),
            _ => {}
        }
    }
    for (feature, percent, variable) in &percentiles {
        for (other, higher, above) in &percentiles {
            if feature == other && percent <= higher && variable != above {
                let terms = [(*variable, 1.0), (*above, -1.0)];
                inequalities.push(Inequality::new(&terms, 0.0, false));
            }
        }
    }
}

/// A whole number above 3.2 is at least 4.
fn whole(variable: usize, inequalities: &mut [Inequality]) {
    for inequality in inequalities {
        let [(only, factor)] = inequality.terms[..] else { continue };
        if only != variable {
            continue;
        }
        let bound = -inequality.constant / factor;
        let (bound, sign) = match (factor > 0.0, inequality.strict) {
            (true, true) => (bound.ceil() - 1.0, 1.0),
            (true, false) => (bound.floor(), 1.0),
            (false, true) => (bound.floor() + 1.0, -1.0),
            (false, false) => (bound.ceil(), -1.0),
        };
        *inequality = Inequality::new(&[(variable, sign)], -sign * bound, false);
    }
}

fn form<'a>(quantity: &'a Quantity, rule: &'a Rule) -> Form<'a> {
    use super::super::rule::Arithmetic::{Add, Divide, Multiply, Subtract};
    let constant =
        |constant| Form { terms: Vec::new(), constant, inside: Vec::new(), partial: false };
    match quantity {
        Quantity::Number(number) => constant(*number),
        Quantity::Statistic(index) => Form {
            terms: vec![(Figure::Statistic(&rule.statistics()[*index]), 1.0)],
            ..constant(0.0)
        },
        Quantity::Negated(inner) => form(inner, rule).times(-1.0),
        Quantity::Combined { left, arithmetic, right } => {
            let (left, right) = (form(left, rule), form(right, rule));
            match arithmetic {
                Add => left.minus(right.times(-1.0)),
                Subtract => left.minus(right),
                Multiply if left.terms.is_empty() && !left.partial => right.times(left.constant),
                Multiply if right.terms.is_empty() && !right.partial => left.times(right.constant),
                Divide if right.terms.is_empty() && !right.partial && right.constant != 0.0 => {
                    left.times(1.0 / right.constant)
                }
                Multiply | Divide => {
                    let name = format!("{left:?} {arithmetic} {right:?}");
                    let inside = left.statistics().chain(right.statistics()).collect();
                    let terms = vec![(Figure::Composed(name), 1.0)];
                    Form { terms, constant: 0.0, inside, partial: true }
                }
            }
        }
    }
}

impl<'a> Form<'a> {
    fn times(mut self, by: f64) -> Self {
        self.terms.iter_mut().for_each(|(_, factor)| *factor *= by);
        self.constant *= by;
        self
    }

    fn minus(mut self, other: Self) -> Self {
        let other = other.times(-1.0);
        self.terms.extend(other.terms);
        self.constant += other.constant;
        self.inside.extend(other.inside);
        self.partial |= other.partial;
        self
    }

    fn statistics(&self) -> impl Iterator<Item = &'a Statistic> {
        let alone = self.terms.iter().filter_map(|(figure, _)| match figure {
            Figure::Statistic(statistic) => Some(*statistic),
            Figure::Composed(_) => None,
        });
        alone.chain(self.inside.iter().copied())
    }

    /// Adds `self comparator 0`.
    fn put(
        &self,
        comparator: Comparator,
        figures: &mut Vec<Figure<'a>>,
        inequalities: &mut Vec<Inequality>,
    ) {
        let mut terms = Vec::with_capacity(self.terms.len());
        for (figure, factor) in &self.terms {
            let variable = figures.iter().position(|known| known == figure);
            let variable = variable.unwrap_or_else(|| {
                figures.push(figure.clone());
                figures.len() - 1
            });
            terms.push((variable, *factor));
        }
        let turned: Vec<(usize, f64)> = terms.iter().map(|(v, factor)| (*v, -factor)).collect();
        let below = |strict| Inequality::new(&terms, self.constant, strict);
        let above = |strict| Inequality::new(&turned, -self.constant, strict);
        match comparator {
            Comparator::Less => inequalities.push(below(true)),
            Comparator::LessOrEqual => inequalities.push(below(false)),
            Comparator::Greater => inequalities.push(above(true)),
            Comparator::GreaterOrEqual => inequalities.push(above(false)),
            Comparator::Equal => inequalities.extend([below(false), above(false)]),
            Comparator::NotEqual => {}
        }
    }
}
