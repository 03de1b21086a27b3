//! One attribute of a card: the values that stand out and the most frequent ones, as bars against
//! all customers; the rest in a line. What is hidden is named as hidden.

use maud::{Markup, html};

use crate::features::{Stage, Unit};
use crate::report::texts::{PersonaTexts, attribute, fill, stage};
use crate::report::view::View;
use crate::run::{Cell, Count, Counted, ENTERED, Portrait, STAYED};
use crate::types::{GroupKey, SegmentId};

/// Bars of an attribute: values that stand out, then the most frequent ones.
const BARS: usize = 3;
/// Of these, such that stand out.
const STANDING_OUT: usize = 2;

/// Says a word of a table.
type Say<'a> = &'a dyn Fn(&str) -> String;

pub(super) struct Portraits<'a> {
    pub(super) view: &'a View<'a>,
    pub(super) words: &'static PersonaTexts,
    /// Customers of the card.
    pub(super) customers: usize,
}

impl Portraits<'_> {
    /// An attribute of the customer table: what is worth a bar.
    pub(super) fn attribute(&self, portrait: &Portrait) -> Markup {
        let name = attribute(&portrait.attribute, self.view.language);
        let known: Vec<&Cell> = portrait.cells.iter().filter(|cell| cell.share.is_some()).collect();
        let distance = |cell: &Cell| cell.index.map_or(0.0, |index| (index / 100.0).ln().abs());
        let (mut bars, mut rest): (Vec<&Cell>, Vec<&Cell>) =
            known.into_iter().partition(|cell| cell.stands_out);
        bars.sort_by(|a, b| distance(b).total_cmp(&distance(a)));
        rest.extend(bars.drain(bars.len().min(STANDING_OUT)..));
        rest.sort_by(|a, b| b.share.unwrap_or(0.0).total_cmp(&a.share.unwrap_or(0.0)));
        let free = BARS - bars.len();
        bars.extend(rest.into_iter().take(free));
        self.bars(name, portrait, &in_order(bars), &str::to_owned)
    }

    /// The stages of the lifecycle.
    pub(super) fn stages(&self, portrait: &Portrait) -> Markup {
        let say = |key: &str| {
            let known = Stage::ALL.into_iter().find(|stage| stage.key() == key);
            match known {
                Some(known) => stage(known, self.view.language).to_owned(),
                None => key.to_owned(),
            }
        };
        let place = |cell: &Cell| {
            let known = |stage: &Stage| matches!(&cell.value, Counted::Value { value } if value == stage.key());
            (Stage::ALL.iter().position(known).unwrap_or(Stage::ALL.len()), 0.0)
        };
        self.all(self.words.stages, portrait, &place, &say)
    }

    /// Where customers were in the run before: segments, or `of_groups` groups.
    pub(super) fn origins(&self, portrait: &Portrait, of_groups: bool) -> Markup {
        let say = |origin: &str| match origin {
            STAYED => self.words.stayed.to_owned(),
            ENTERED => self.words.entered.to_owned(),
            group if of_groups => self.view.group_name(&GroupKey(group.to_owned())),
            segment => match segment.parse::<SegmentId>() {
                Ok(id) => self.view.segment_name(id),
                Err(_) => segment.to_owned(),
            },
        };
        // Where they are already, then where most came from.
        let place = |cell: &Cell| {
            let stayed = matches!(&cell.value, Counted::Value { value } if value == STAYED);
            (usize::from(!stayed), -cell.share.unwrap_or(0.0))
        };
        self.all(self.words.origins, portrait, &place, &say)
    }

    /// Every value that is shown, ordered by its place.
    fn all(
        &self,
        name: &str,
        portrait: &Portrait,
        place: &dyn Fn(&Cell) -> (usize, f64),
        say: Say,
    ) -> Markup {
        let mut known: Vec<&Cell> =
            portrait.cells.iter().filter(|cell| cell.share.is_some()).collect();
        known.sort_by(|a, b| {
            let (a, b) = (place(a), place(b));
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
        });
        self.bars(name, portrait, &known, say)
    }

    fn bars(&self, name: &str, portrait: &Portrait, cells: &[&Cell], say: Say) -> Markup {
        let (view, words) = (self.view, self.words);
        let smallest = view.personas.min_cell;
        let unseen = |small: bool| {
            let own = (portrait.cells.iter())
                .filter(|cell| cell.share.is_none() && cell.customers.is_small(smallest) == small);
            let names: Vec<String> =
                in_order(own.collect()).iter().map(|cell| self.value(&cell.value, say)).collect();
            (!names.is_empty()).then(|| names.join(", "))
        };
        let least = view.format.count(smallest as u64);
        let longest = cells.iter().flat_map(|cell| [cell.share.unwrap_or(0.0), cell.share_of_all]);
        let longest = longest.fold(0.0, f64::max);
        let (small, withheld) = (unseen(true), unseen(false));
        let nobody = portrait.known == Count::Exact(0);
        html! {
            div.attribute {
                p.name {
                    strong { (name) }
                    @if let (Some(known), false) = (self.known(portrait), cells.is_empty()) {
                        " " span.other { (known) }
                    }
                    @if let (Some(own), Some(all)) = (portrait.own, portrait.everybody) {
                        " " span.other {
                            (view.texts.median) " " (self.number(own.median)) " ("
                            (words.everybody) ": " (self.number(all.median)) ")"
                        }
                    }
                }
                @if !cells.is_empty() {
                    ul.bars { @for cell in cells { (self.bar(portrait, cell, longest, say)) } }
                }
                @if nobody { p.note { (words.nobody) } }
                @else if cells.is_empty() && withheld.is_none() {
                    p.note { (fill(words.all_small, &[("n", &least)])) }
                } @else if let Some(values) = small {
                    p.note { (fill(words.small, &[("n", &least), ("values", &values)])) }
                }
                @if let (Some(values), false) = (withheld, nobody) {
                    p.note { (fill(words.withheld, &[("values", &values)])) }
                }
            }
        }
    }

    /// Of how many customers of the card there is a value; none where of all.
    fn known(&self, portrait: &Portrait) -> Option<String> {
        let (from, to) = portrait.known.ends();
        let share = f64::midpoint(from as f64, to as f64) / self.customers.max(1) as f64;
        let share = self.view.format.rate(share, 0);
        let said = match from == to {
            true => self.words.known,
            false => self.words.known_about,
        };
        (from < self.customers).then(|| fill(said, &[("share", &share)]))
    }

    fn bar(&self, portrait: &Portrait, cell: &Cell, longest: f64, say: Say) -> Markup {
        let (view, words) = (self.view, self.words);
        let (share, index) = (cell.share.unwrap_or(0.0), cell.index.unwrap_or(100.0));
        let width = |share: f64| {
            format!("{:.1}%", if longest > 0.0 { 100.0 * share / longest } else { 0.0 })
        };
        let figure = view.format.decimal(index, 0);
        let (mark, said) = match (cell.stands_out, index >= 100.0) {
            (false, _) => ("", None),
            (true, true) => ("▲ ", Some(words.higher)),
            (true, false) => ("▼ ", Some(words.lower)),
        };
        html! {
            li {
                span.value { (self.value(&cell.value, say)) }
                span.bar aria-hidden="true" {
                    span.fill style={ "width:" (width(share)) } {}
                    span.all style={ "left:" (width(cell.share_of_all)) } {}
                }
                span.share {
                    @if !portrait.is_exact(cell) { "≈" }
                    (view.format.rate(share, 0))
                }
                span.index.more[cell.stands_out && index >= 100.0]
                    .less[cell.stands_out && index < 100.0] title=[said] {
                    span aria-hidden="true" { (mark) (figure) }
                    span.hidden {
                        (fill(words.index, &[("index", &figure)]))
                        @if let Some(said) = said { ", " (said) }
                    }
                }
            }
        }
    }

    fn value(&self, of: &Counted, say: Say) -> String {
        value(self.view, of, say)
    }

    fn number(&self, value: f64) -> String {
        self.view.format.value(value, Unit::Attribute)
    }
}

/// A value in words.
pub(super) fn value(view: &View, of: &Counted, say: Say) -> String {
    let words = PersonaTexts::of(view.language);
    let number = |value: f64| view.format.value(value, Unit::Attribute);
    match of {
        Counted::Value { value } => say(value),
        Counted::Number { number: value } => number(*value),
        Counted::Others { others: 1 } => words.one_other.to_owned(),
        Counted::Others { others } => {
            fill(words.others, &[("n", &view.format.count(*others as u64))])
        }
        Counted::Band { above: Some(low), up_to: Some(high) } => {
            fill(words.between, &[("low", &number(*low)), ("high", &number(*high))])
        }
        Counted::Band { above: Some(low), up_to: None } => {
            fill(words.above, &[("value", &number(*low))])
        }
        Counted::Band { above: None, up_to } => {
            fill(words.up_to, &[("value", &number(up_to.unwrap_or(f64::NAN)))])
        }
    }
}

/// By the first number in the value, as `Under 15K`, `15-24K`, `100-124K`; words by themselves.
fn in_order(mut cells: Vec<&Cell>) -> Vec<&Cell> {
    let number = |text: &str| {
        let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        digits[..end].parse().unwrap_or(f64::INFINITY)
    };
    let key = |cell: &Cell| match &cell.value {
        Counted::Value { value } => {
            (number(value), value.starts_with(|c: char| c.is_ascii_digit()))
        }
        Counted::Number { number } => (*number, false),
        Counted::Band { above, .. } => (above.unwrap_or(f64::NEG_INFINITY), false),
        Counted::Others { .. } => (f64::INFINITY, true),
    };
    cells.sort_by(|a, b| {
        let (a, b) = (key(a), key(b));
        a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
    });
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_written_as_text_stand_in_their_order() {
        let cells: Vec<Cell> = ["100-124K", "15-24K", "250K+", "Under 15K", "none"]
            .map(|value| Cell {
                value: Counted::Value { value: value.into() },
                customers: Count::Exact(10),
                share: None,
                share_of_all: 0.1,
                index: None,
                p_value: None,
                stands_out: false,
            })
            .into();
        let order: Vec<String> = in_order(cells.iter().collect())
            .iter()
            .map(|cell| match &cell.value {
                Counted::Value { value } => value.clone(),
                _ => String::new(),
            })
            .collect();
        assert_eq!(order, ["Under 15K", "15-24K", "100-124K", "250K+", "none"]);
    }
}
